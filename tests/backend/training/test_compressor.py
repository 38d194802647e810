"""The compressor's recipe: it learns, goes on where it stopped, is the same elsewhere, and its folder compresses."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import rasterio

torch = pytest.importorskip("torch")

from sklearn.linear_model import LogisticRegression  # noqa: E402

from backend.__main__ import main as backend  # noqa: E402
from backend.geo.write_parquet import write_parquet  # noqa: E402
from backend.models.compressor import CARD, Compressor, Input  # noqa: E402
from backend.models.mini_graphs import FOLDER  # noqa: E402
from backend.training import compressor, compressor_features  # noqa: E402
from backend.training.compressor import Run, drawn_out  # noqa: E402
from tests.backend.training.pretended import DEVICE, Elsewhere, Pretence  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:for .* copying from a non-meta parameter")

CPU = torch.device("cpu")
INPUTS = (Input("one", "", 24), Input("two", "", 12), Input("one", "", 24))


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def places(count=240):
    """Return three views of places that differ in six hidden numbers, and which of two kinds each place is."""
    drawn = np.random.default_rng(0)
    hidden = drawn.normal(size=(count, 6)).astype(np.float32)
    views = [np.tanh(hidden @ drawn.normal(size=(6, one.width))).astype(np.float32) for one in INPUTS]
    return [view / np.linalg.norm(view, axis=1, keepdims=True) for view in views], hidden[:, 0] > 0


def run(device=CPU):
    vectors, _ = places()
    return Run(INPUTS, vectors, drawn_out(240, 0.2, 1), {"one": 1.0, "two": 2.0}, 8, 32, 1, device)


def test_the_loss_falls_and_the_code_keeps_what_a_linear_probe_reads(tmp_path):
    trained = run()
    losses = trained.fit(60, batch=16, rate=3e-3)
    assert losses[-1] < 0.5 * losses[0]
    shares = trained.brought_back()
    assert min(shares["held"].values()) > 0.5
    trained.write(tmp_path, {})
    vectors, kinds = places()
    code = Compressor(tmp_path)(vectors)
    assert code.shape == (240, 8)
    scores = [
        LogisticRegression(max_iter=2000).fit(x[:160], kinds[:160]).score(x[160:], kinds[160:])
        for x in (np.concatenate(vectors, 1) * 5, code)
    ]
    assert scores[1] > scores[0] - 0.05


def test_a_stopped_run_ends_as_one_that_was_not(tmp_path, monkeypatch):
    monkeypatch.setattr(compressor, "KEPT_EVERY", 2)
    whole = run()
    whole.fit(6)
    stopped, kept, left = run(), tmp_path / "kept", iter(range(4 * 6 + 2))
    loss = stopped._loss
    stopped._loss = lambda features: (next(left), loss(features))[1]
    with pytest.raises(StopIteration):
        stopped.fit(6, kept=kept)
    assert kept.exists()
    again = run()
    assert len(again.fit(6, kept=kept)) == 2
    for a, b in zip(whole.network.parameters(), again.network.parameters(), strict=True):
        assert torch.equal(a, b)


def test_elsewhere_the_same_is_learnt():
    here = run()
    here.fit(2)
    with Pretence():
        elsewhere = run(DEVICE)
        elsewhere.fit(2)
        found = elsewhere.brought_back()
    assert all(isinstance(p, Elsewhere) for p in elsewhere.network.parameters())
    for a, b in zip(here.network.parameters(), elsewhere.network.parameters(), strict=True):
        assert torch.equal(a, b.held)
    assert found == here.brought_back()


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Write the views as tables; the second lacks a place and is in another order."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    vectors, _ = places(60)
    names = [f"p{i}" for i in range(60)]
    for index, (one, view) in enumerate(zip(INPUTS, vectors, strict=True)):
        order = np.arange(60) if index != 1 else np.random.default_rng(1).permutation(60)[:-1]
        columns = {"path": [names[i] for i in order], "embedding": view[order]}
        write_parquet(tmp_path / f"{index}.parquet", columns, {"TOPOSCOPE_MODEL": one.model})
    return [f"{index}.parquet" for index in range(3)]


def test_a_folder_of_ones_own_compresses_new_vectors(files, tmp_path, capsys):
    words = ["--features", *files, "--out", "c", "--width", "8", "--hidden", "32", "--epochs", "10"]
    compressor.main([*words, "--weight", "two=2"])
    card = json.loads((tmp_path / "c" / CARD).read_text())
    assert [one["model"] for one in card["inputs"]] == ["one", "two", "one"]
    assert (card["weights"], card["places"]) == ({"one": 1.0, "two": 2.0}, {"taught": 53, "held": 6})
    assert not list((tmp_path / "c").glob("*.unfinished"))
    capsys.readouterr()
    assert backend(["compress", *files, "--with", "c", "--out", "v.parquet", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["count"], answer["left_out"], answer["width"]) == (59, 1, 8)
    table = pq.read_table(tmp_path / "v.parquet")
    found = dict(zip(table["path"].to_pylist(), table["embedding"].to_pylist(), strict=True))
    vectors, _ = places(60)
    code = Compressor(tmp_path / "c")(vectors)
    code /= np.linalg.norm(code, axis=1, keepdims=True)
    assert np.array([found[f"p{i}"] for i in range(60) if f"p{i}" in found]) == pytest.approx(
        np.array([code[i] for i in range(60) if f"p{i}" in found]), abs=1e-5
    )
    assert table.schema.metadata[b"TOPOSCOPE_MODEL"] == b"compressor"
    compress = ["compress", files[1], files[0], files[2], "--with", "c", "--out", "w.parquet"]
    assert backend(compress) == 2
    assert "'1.parquet' has vectors of 12 numbers" in capsys.readouterr().err
    assert backend(["compress", files[0], "--with", "c", "--out", "w.parquet"]) == 2
    assert "takes 3 files, of one, two, one in this order; not 1" in capsys.readouterr().err
    assert not (tmp_path / "w.parquet").exists()


def test_what_cannot_be_learnt_from_is_said(files, tmp_path):
    columns = {"path": ["a", "a"], "embedding": np.eye(2, 4, dtype=np.float32)}
    write_parquet(tmp_path / "twice.parquet", columns)
    write_parquet(tmp_path / "other.parquet", {**columns, "path": ["a", "b"]})
    for paths, said in (
        (["twice.parquet", "0.parquet"], "'twice.parquet' has the id 'a' twice"),
        (["other.parquet", "0.parquet"], "No id stands in all files of vectors: they are like 'a' in 'other.parquet'"),
    ):
        with pytest.raises(SystemExit, match=said):
            compressor.main(["--features", *paths, "--out", "c"])
    with pytest.raises(SystemExit, match="names none of the embedders, which are one, two"):
        compressor.main(["--features", *files, "--out", "c", "--weight", "three=1"])


@pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")
def test_from_two_dates_of_ones_own_area_by_one_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    place = {"crs": "EPSG:32645", "transform": rasterio.Affine(0.5, 0, 300000, 0, -0.5, 3000000)}
    for name in ("t1", "t2"):
        picture = np.random.default_rng(len(name)).integers(0, 256, (3, 64, 96), np.uint8)
        with rasterio.open(f"{name}.tif", "w", "GTiff", 96, 64, 3, dtype="uint8", **place) as target:
            target.write(picture)
    words = ["--images", "t1.tif", "t2.tif", "--size", "32", "--out", "c", "--width", "4", "--hidden", "16"]
    compressor.main([*words, "--epochs", "1", "--held", "0"])
    card = json.loads((tmp_path / "c" / CARD).read_text())
    assert [(one["model"], one["width"]) for one in card["inputs"]] == [("mini", 256)] * 2
    assert (card["places"], list(card["brought_back"])) == ({"taught": 6, "held": 0}, ["taught"])
    monkeypatch.setattr(compressor_features, "backend", lambda words: pytest.fail("embedded anew"))
    compressor.main([*words, "--epochs", "1"])
    capsys.readouterr()
    features = sorted(map(str, (tmp_path / "c" / "features").glob("*.parquet")))
    assert backend(["compress", *features, "--with", "c", "--out", "v.parquet"]) == 0
    table = pq.read_table(tmp_path / "v.parquet")
    assert table.num_rows == 6
    assert "geometry" in table.column_names
    assert "6 vectors of 4 numbers" in capsys.readouterr().out
