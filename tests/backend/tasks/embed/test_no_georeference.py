"""Embeddings of a picture without a georeference lie where QGIS draws the picture: below y = 0, first row first."""

from affine import Affine

from backend.geo.north_up import is_south_up
from backend.geo.raster import Grid
from backend.tasks.embed.cells import as_shown, grid_of_blocks


def test_the_first_row_stays_the_first():
    found = grid_of_blocks(as_shown(Grid(21, 10, Affine.identity(), "")), 4)
    assert (found.width, found.height, found.transform) == (6, 3, Affine(4, 0, 0, 0, -4, 0))
    assert not is_south_up(found.transform)
    placed = Affine(0.5, 0, 100, 0, 0.5, 200)
    assert as_shown(Grid(20, 10, placed, "")).transform == placed
