import numpy as np
import pytest
import rasterio

from backend.errors import BadInput
from backend.geo.band_names import LEVEL_2A
from backend.models.satclip import BANDS
from backend.tasks.locate.picture import read_picture


def picture(tmp_path, count, dtype="uint16", names=None):
    path = tmp_path / "s2.tif"
    with rasterio.open(path, "w", driver="GTiff", width=30, height=20, count=count, dtype=dtype) as target:
        for band in range(1, count + 1):
            target.write(np.full((20, 30), band * 100, dtype), band)
            if names:
                target.set_band_description(band, names[band - 1])
    return path


def firsts(found):
    return [round(float(value) * 100) for value in found[:, 0, 0]]


def test_twelve_bands_get_zeros_for_the_missing_one(tmp_path):
    found = read_picture(picture(tmp_path, 12), BANDS)
    assert found.shape == (13, 20, 30)
    assert found.dtype == np.float32
    assert firsts(found) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 11, 12]


def test_thirteen_bands_are_taken_in_order(tmp_path):
    assert firsts(read_picture(picture(tmp_path, 13), BANDS)) == list(range(1, 14))


def test_names_decide_where_there_are_all(tmp_path):
    names = ["scene", *(f"b{name[1:].lstrip('0').lower()}, central wavelength" for name in reversed(LEVEL_2A))]
    found = firsts(read_picture(picture(tmp_path, 13, names=names), BANDS))
    assert found == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 0, 3, 2]


@pytest.mark.parametrize(
    ("count", "dtype", "said"), [(3, "uint16", "has 3 bands"), (12, "uint8", "holds uint8"), (12, "float32", "16 bit")]
)
def test_other_rasters_are_refused(tmp_path, count, dtype, said):
    if dtype == "uint8":
        path = tmp_path / "s2.tif"
        with rasterio.open(path, "w", driver="GTiff", width=30, height=20, count=count, dtype=dtype):
            pass
    else:
        path = picture(tmp_path, count, dtype)
    with pytest.raises(BadInput, match=said):
        read_picture(path, BANDS)
