"""A disk that is full: nothing half written, what was there is still there, and with room the next try works."""

import contextlib
import os
import sqlite3

import pytest

ON = "500075,3999935"


def fill(folder, leave=0):
    """Leave `leave` bytes of the disk that `folder` is."""
    with (folder / "fill").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    os.truncate(folder / "fill", (folder / "fill").stat().st_size - leave)


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != "fill")


def test_a_geopackage_in_use_loses_nothing(served, image, small_disk, sentence):
    """The one that is there has a journal that has not been written back, as one that QGIS has open."""
    target = small_disk / "o.gpkg"
    output = {"path": str(target)}
    assert served.job(image, output=output)["status"] == "successful"
    with contextlib.closing(sqlite3.connect(target)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("create table notes (text)")
        database.execute("insert into notes values ('precious')")
        database.commit()
        before = names(small_disk)
        fill(small_disk)
        problem = served.job(image, output=output)["problem"]
        assert problem["code"] == "disk-full"
        assert sentence(problem["detail"])
        assert names(small_disk) == before
        assert database.execute("select text from notes").fetchall() == [("precious",)]
    (small_disk / "fill").unlink()
    assert served.job(image, output=output)["status"] == "successful"
    assert names(small_disk) == ["o.gpkg", "o.run.json"]


@pytest.mark.parametrize("leave", [0, 50_000, 98_304, 102_400])
def test_polygons_masks_and_record_come_together(command, image, small_disk, sentence, leave):
    words = ("segment", image, "--point", ON, "--out", small_disk / "o.gpkg", "--masks", small_disk / "masks")
    fill(small_disk, leave)
    code, _, said = command(*words)
    assert code == 1
    assert "full" in said
    assert sentence(said.strip())
    assert names(small_disk) == []
    (small_disk / "fill").unlink()
    assert command(*words)[0] == 0
    assert names(small_disk) == ["masks", "masks/1.tif", "o.gpkg", "o.run.json"]


def test_a_masks_folder_that_cannot_be_is_said_before_the_work(segment, image, tmp_path):
    code, said = segment(image, "--point", ON, "--out", tmp_path / "o.gpkg", "--masks", tmp_path / "none" / "masks")
    assert code == 2
    assert "create it" in said
    assert names(tmp_path) == []


def test_a_full_data_folder_serves_clicks_refuses_the_rest_and_ends(fresh, image, small_disk, sentence):
    """The log is on it too: what it can no longer take must not keep the process from ending."""
    home = small_disk / "home"
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "backend.log").touch()
    fill(small_disk)
    served = fresh(home)
    assert served.click(image).status_code == 200
    octets = {"Content-Type": "application/octet-stream"}
    upload = served.client.post("/uploads", content=image.read_bytes(), headers=octets)
    problems = [served.job(image)["problem"], upload.json()]
    assert [problem["code"] for problem in problems] == ["disk-full"] * 2
    assert all(sentence(problem["detail"]) for problem in problems)
    assert served.left() == []
    (small_disk / "fill").unlink()
    assert served.job(image)["status"] == "successful"
    fill(small_disk)
    assert served.end() == 0


def test_a_limit_on_file_size(command, image, tmp_path, sentence):
    """A file that may not grow further is said like any place that cannot be written."""
    program = tmp_path / "sitecustomize.py"
    program.write_text("import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
                       "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n")  # fmt: skip
    out = tmp_path / "o.gpkg"
    code, _, said = command("segment", image, "--point", ON, "--out", out, PYTHONPATH=str(tmp_path))
    assert code == 2
    assert sentence(said.strip())
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.is_file()) == [".py"]
