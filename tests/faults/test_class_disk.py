"""A class map on a disk that is full: one sentence, and neither a map without its end nor one without its legend."""

import numpy as np
import pytest
from affine import Affine

from backend.errors import Unavailable
from backend.geo.atomic import Batch
from backend.geo.class_rasters import ClassRasters, Legend, write_classes
from backend.geo.raster import Grid
from backend.geo.whole_tiff import check_whole
from backend.protocol import codes
from tests.faults.test_disk import fill, names

SIDE = 512
GRID = Grid(SIDE, SIDE, Affine(10, 0, 300_000, 0, -10, 2_800_000), "EPSG:32640")
LEGEND = Legend(("a", "b"), ("#000000", "#ffffff"))


@pytest.mark.parametrize("leave", [4096, 200_704, 401_408, 450_560])
def test_it_is_whole_or_not_there(small_disk, sentence, leave):
    drawn = np.random.default_rng(0)
    classes, sure = (drawn.integers(0, most, (256, 256)).astype(np.uint8) for most in (2, 250))

    def write():
        with Batch() as batch:
            out = ClassRasters(small_disk / "c.tif", small_disk / "f.tif")
            return write_classes(batch, out, GRID, LEGEND, lambda _: (classes, sure), lambda *_: None)

    fill(small_disk, leave)
    with pytest.raises(Unavailable) as raised:
        write()
    assert raised.value.code == codes.DISK_FULL
    assert sentence(raised.value.detail)
    assert names(small_disk) == []
    (small_disk / "fill").unlink()
    assert write().sum() == SIDE * SIDE
    for name in ("c.tif", "f.tif"):
        check_whole(small_disk / name)
    assert names(small_disk) == ["c.qml", "c.tif", "c.tif.aux.xml", "f.tif"]
