"""Names of result files: those in sub-folders say so."""

from backend.jobs.results import describe


def test_files_of_sub_folders_have_them_in_their_names(tmp_path):
    names = ("run.json", "pair_0001/before.tif", "pair_0002/before.tif")
    paths = [tmp_path / "made" / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.parent.name)
    elsewhere = tmp_path / "elsewhere.tif"
    elsewhere.write_text("x")
    found = describe(iter([*paths, elsewhere]))
    assert [file.name for file in found] == [*names, "elsewhere.tif"]
    assert found[1].sha256 != found[2].sha256
    assert describe(iter(())) == ()
