"""A computed raster on a disk that is full: one sentence, and never a raster without its end."""

import numpy as np
import pytest
from affine import Affine

from backend.errors import Unavailable
from backend.geo.atomic import Batch
from backend.geo.pyramid import Form, write_pyramid
from backend.geo.raster import Grid
from backend.geo.whole_tiff import check_whole
from backend.protocol import codes
from tests.faults.test_disk import fill, names

SIDE = 256
GRID = Grid(SIDE, SIDE, Affine(0.1, 0, -20, 0, -0.1, 60), "EPSG:4326")
FORMS = (Form(("warmth",)), Form(("a", "b", "c", "d", "e"), "uint8", nodata=0))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("leave", [4096, 200_704, 352_256, 401_408, 450_560])
def test_it_is_whole_or_not_there(small_disk, sentence, form, leave):
    """The first two leave no room for the levels, the others for the levels alone."""
    values = np.random.default_rng(0).uniform(1, 255, (len(form.names), SIDE, SIDE)).astype(np.float32)

    def write():
        with Batch() as batch:
            path = small_disk / "a.tif"
            batch.write(path, lambda beside: write_pyramid(beside, GRID, form, lambda _: values, lambda *_: None))

    fill(small_disk, leave)
    with pytest.raises(Unavailable) as raised:
        write()
    assert raised.value.code == codes.DISK_FULL
    assert sentence(raised.value.detail)
    assert names(small_disk) == []
    (small_disk / "fill").unlink()
    write()
    check_whole(small_disk / "a.tif")
