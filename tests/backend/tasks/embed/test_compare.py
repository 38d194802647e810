"""Two dates on one grid, or on grids a whole number of cells apart."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from backend.errors import BadInput
from backend.geo.unit_bytes import at_unit_length, to_bytes
from backend.tasks.embed.compare import run_compare
from backend.tasks.vectors_record import Run

WIDTH = 8


@pytest.fixture
def field(tmp_path):
    """Write int8 vectors as AlphaEarth has them; return the path."""

    def write(name, vectors, left=0, top=0, crs="EPSG:32645", cell=10.0, up=False, **tags):
        path = tmp_path / name
        where = Affine(cell, 0, 500000 + left * 10, 0, -cell, 4000000 - top * 10)
        stored = to_bytes(vectors)
        if up:
            where = where @ Affine.translation(0, vectors.shape[1]) @ Affine.scale(1, -1)
            stored = stored[:, ::-1]
        with rasterio.open(
            path, "w", driver="GTiff", width=vectors.shape[2], height=vectors.shape[1], count=len(vectors),
            dtype="int8", nodata=-128, crs=crs, transform=where,
        ) as target:  # fmt: skip
            target.write(stored)
            target.update_tags(**tags)
        return path

    return write


def noise(rows=40, columns=60, seed=0, width=WIDTH):
    return at_unit_length(np.random.default_rng(seed).normal(size=(width, rows, columns)))


def compared(before, after, tmp_path):
    out = tmp_path / "change.tif"
    run_compare(Run("compare", {}), before, after, out, lambda *_: None)
    with rasterio.open(out) as found:
        return found.read(1), found.transform


def test_nothing_changed_but_a_corner(field, tmp_path):
    one = noise()
    other = one.copy()
    other[:, :10, :10] = noise(10, 10, seed=1)
    other[:, 30:, 50:] = np.nan
    found, _ = compared(field("a.tif", one), field("b.tif", other), tmp_path)
    assert np.isnan(found[30:, 50:]).all()
    assert found[10:, :50].max() == pytest.approx(0, abs=1e-5)
    assert found[:10, :10] == pytest.approx(1 - (one * other)[:, :10, :10].sum(0), abs=0.02)
    assert (tmp_path / "change.run.json").exists()


def test_grids_whole_cells_apart_share_their_overlap(field, tmp_path):
    whole = noise(80, 90)
    before, after = field("a.tif", whole[:, :50, :60]), field("b.tif", whole[:, 20:, 30:], left=30, top=20, up=True)
    found, where = compared(before, after, tmp_path)
    assert found.shape == (30, 30)
    assert (where.c, where.f) == (500300, 3999800)
    assert found.max() < 1e-5


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"left": 0.5}, "do not meet"),
        ({"cell": 20.0}, "different sizes"),
        ({"crs": "EPSG:32644"}, "coordinate systems"),
        ({"left": 1000}, "lie apart"),
        ({"TOPOSCOPE_MODEL": "mini"}, "made by"),
    ],
)
def test_what_does_not_compare(field, tmp_path, other, said):
    before = field("a.tif", noise(), TOPOSCOPE_MODEL="rcf")
    with pytest.raises(BadInput, match=said):
        compared(before, field("b.tif", noise(), **other), tmp_path)
    assert not (tmp_path / "change.tif").exists()


def test_vectors_of_other_widths_do_not_compare(field, tmp_path):
    with pytest.raises(BadInput, match="numbers"):
        compared(field("a.tif", noise()), field("b.tif", noise(width=9)), tmp_path)


def test_a_date_is_not_overwritten(field, tmp_path):
    before, after = field("a.tif", noise()), field("b.tif", noise())
    with pytest.raises(BadInput, match="is what is read"):
        run_compare(Run("compare", {}), before, after, after, lambda *_: None)
