"""`detect-change` as a user calls it: real files, Mini's vectors, what is refused in one sentence."""

import json

import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter

from backend.__main__ import main
from backend.models.mini_change import FOLDER as HEAD
from backend.models.mini_graphs import FOLDER

pytestmark = pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")
PLACE = from_origin(300000, 3000000, 0.5, 0.5)


def write(path, values, transform=PLACE, crs="EPSG:32645", **more):
    bands, height, width = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=bands, dtype=values.dtype, crs=crs,
        transform=transform, **more,
    ) as target:  # fmt: skip
        target.write(values)
    return path


@pytest.fixture
def dates(tmp_path, monkeypatch):
    """Grass, and a pond on it later; 16 bit, darker and on a grid half as fine."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    drawn = np.random.default_rng(0)
    waves = gaussian_filter(drawn.normal(0, 200, (240, 320)), 2.5)[None]
    fine = waves * [[[1]], [[1.5]], [[1]]] + [[[95]], [[120]], [[70]]]
    before = np.clip(fine.reshape(3, 120, 2, 160, 2).mean((2, 4)), 1, 255).astype(np.uint8)
    pond = drawn.normal(0, 2, (3, 100, 140)) + np.reshape((25, 50, 75), (3, 1, 1))
    fine[:, 80:180, 100:240] = pond
    after = np.clip(fine * 20 + 300, 1, 65535).astype(np.uint16)
    return write(tmp_path / "a.tif", before), write(tmp_path / "b.tif", after, from_origin(300000, 3000000, 0.25, 0.25))


def run(capsys, *words, method="distance"):
    code = main(["detect-change", *map(str, words), "--method", method, "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_a_pond_that_came(dates, tmp_path, capsys):
    out, polygons = tmp_path / "c.tif", tmp_path / "c.gpkg"
    told = run(capsys, *dates, "--out", out, "--polygons", polygons, "--classes", "water;grass")
    assert told["model"] == "mini"
    with rasterio.open(out) as found:
        values = found.read(1)
        assert (found.width, found.height, found.nodata) == (160, 120, 255)
    pond = np.zeros(values.shape, bool)
    pond[40:90, 50:120] = True
    changed = values >= 125
    assert (changed & pond).sum() > 0.6 * pond.sum()
    assert (changed & ~pond).sum() < 0.2 * pond.sum()
    assert max(told["areas"], key=lambda row: row["pixels"])["to"] == "water"
    fields = pyogrio.raw.read(polygons)[3]
    assert "water" in fields[2]
    assert sorted(file.name for file in tmp_path.glob("c.*")) == ["c.csv", "c.gpkg", "c.run.json", "c.tif"]
    record = json.loads((tmp_path / "c.run.json").read_text())
    assert record["normalisation"]["believed"]
    assert record["model"]["phrases"]["id"] == "mini"


@pytest.mark.skipif(not (HEAD / "change.onnx").exists(), reason="the weights are not in this checkout")
def test_buildings_alone(dates, tmp_path, capsys):
    told = run(capsys, *dates, "--out", tmp_path / "c.tif", "--only", "building", method="detector")
    assert told["model"] == "mini-change"
    assert json.loads((tmp_path / "c.run.json").read_text())["only"] == {"asked": "building", "told": "building"}
    assert all("building" in (row["from"], row["to"]) for row in told["areas"])
    code, said = run(capsys, *dates, "--out", tmp_path / "d.tif", "--only", "building")
    assert code == 2
    assert said.startswith("The method distance knows no buildings; choose the method detector")


def test_what_is_refused(dates, tmp_path, capsys):
    before, after = dates
    out = tmp_path / "c.tif"
    assert run(capsys, before, after, "--out", before)[1].startswith("'a.tif' is what is read")
    assert "ends in .tif" in run(capsys, before, after, "--out", tmp_path / "c.png")[1]
    code, said = run(capsys, before, after, "--out", out, "--model", "classic")
    assert code == 2
    assert said.startswith("Classic (no training) cannot find change by the method distance; use one of mini")
    assert "embed both dates with it" in run(capsys, before, after, "--out", out, "--model", "rcf")[1]
    code, said = run(capsys, before, after, "--out", out, "--model", "changestar-vitb-s1", method="detector")
    assert code == 1
    assert "ChangeStar" in said
    assert "threshold" in run(capsys, before, after, "--out", out, "--threshold", 2)[1]
    assert "b.tif" in run(capsys, before, tmp_path / "gone" / "b.tif", "--out", out)[1]
    assert "outside" in run(capsys, before, after, "--out", out, "--area", "0,0,1,1")[1]
    (tmp_path / "e.run.json").write_text('{"outputs": [{"name": "e.gpkg"}]}')
    assert "tells of another file" in run(capsys, before, after, "--out", tmp_path / "e.tif")[1]
    assert not list(tmp_path.glob("c.*"))
