import numpy as np
import pytest
import rasterio

from backend.errors import BadInput
from backend.geo.band_names import LEVEL_1C, LEVEL_2A
from backend.geo.bands import EVERY, BandReader, Scaling
from backend.geo.raster import Window
from backend.protocol import codes
from backend.protocol.source import Source

WHOLE = Window(0, 0, 8, 6)


def picture(tmp_path, values, names=(), nodata=None, tags=()):
    path = tmp_path / "bands.tif"
    profile = {"driver": "GTiff", "width": 8, "height": 6, "count": len(values), "dtype": np.asarray(values).dtype}
    with rasterio.open(path, "w", nodata=nodata, **profile) as target:
        for band, value in enumerate(values, 1):
            target.write(np.broadcast_to(value, (6, 8)), band)
        for band, name in enumerate(names, 1):
            target.set_band_description(band, name)
        for band, found in enumerate(tags, 1):
            target.update_tags(band, ns="IMAGERY", **found)
    return path


def opened(path, wanted, *args, **kwargs):
    return BandReader(Source(path=str(path)), path, wanted, *args, **kwargs)


def numbered(count, dtype="uint16"):
    return np.arange(1, count + 1, dtype=dtype) * 100


def firsts(path, wanted, *args, **kwargs):
    with opened(path, wanted, *args, **kwargs) as reader:
        crop = reader.read(WHOLE)
    assert crop.values.dtype == np.float32
    assert crop.values.shape == (len(reader.bands), 6, 8)
    missing = [reader.bands.index(band) for band in reader.missing]
    assert np.isnan(crop.values[missing]).all()
    return np.nan_to_num(crop.values[:, 0, 0]).tolist()


def test_bands_are_found_by_name_in_any_order(tmp_path):
    path = picture(tmp_path, numbered(4), ["nir", "Red (665 nm)", "B3", "mask"])
    assert firsts(path, ("B02", "B03", "B04", "B08")) == [0, 300, 200, 100]
    with opened(path, ("B02", "B03", "B04", "B08")) as reader:
        assert reader.missing == ("B02",)


def test_wavelengths_decide(tmp_path):
    tags = [{"CENTRAL_WAVELENGTH_UM": text} for text in ("0.865", "0.655")]
    assert firsts(picture(tmp_path, numbered(2), ["B5", "B4"], tags=tags), ("B04", "B8A")) == [200, 100]


def test_twelve_bands_without_names_are_level_2a(tmp_path):
    path = picture(tmp_path, numbered(12))
    with opened(path, LEVEL_1C) as reader:
        assert reader.missing == ("B10",)
    assert firsts(path, LEVEL_1C) == [*range(100, 1100, 100), 0, 1100, 1200]


def test_the_users_names_come_first(tmp_path):
    path = picture(tmp_path, numbered(3), ["B02", "B03", "B04"])
    assert firsts(path, ("B04", "B03"), ("red", "-", "green")) == [100, 300]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("B02", "B03"), "3 bands and 2 names"),
        (("B02", "B03", "panda"), "'panda' is no band"),
        (("B02", "B02", "B03"), "2 bands that say they are B02"),
        (("-", "-", "VV"), "no picture of B02, B03"),
    ],
)
def test_names_that_do_not_fit_are_refused(tmp_path, names, said):
    with pytest.raises(BadInput, match=said) as caught:
        opened(picture(tmp_path, numbered(3)), ("B02", "B03"), names)
    assert caught.value.code == codes.PARAMETER_INVALID


def test_a_picture_of_unknown_bands_is_refused(tmp_path):
    with pytest.raises(BadInput, match="its 3 bands say nothing"):
        opened(picture(tmp_path, numbered(3)), LEVEL_2A)


def test_the_offset_of_new_products_is_the_users_to_say(tmp_path):
    path = picture(tmp_path, numbered(12) + 1000)
    assert firsts(path, LEVEL_2A) == list(range(1100, 2300, 100))
    assert firsts(path, LEVEL_1C, scaling=Scaling(offset=-1000))[8:] == [900, 1000, 0, 1100, 1200]


def test_fractions_need_a_gain_which_radar_is_spared(tmp_path):
    path = picture(tmp_path, np.array([0.25, -12.5], np.float32), ["B04", "VV"])
    with pytest.raises(BadInput, match="gain 10000 for 0 to 1"):
        opened(path, ("B04", "VV"))
    assert firsts(path, ("B04", "VV"), scaling=Scaling(10000, -1000)) == [1500, -12.5]
    assert firsts(path, ("VV",)) == [-12.5]


def test_bytes_are_no_reflectances(tmp_path):
    path = picture(tmp_path, np.array([10, 20, 30], np.uint8), ["red", "green", "blue"])
    with pytest.raises(BadInput, match="holds uint8 numbers"):
        opened(path, LEVEL_2A)
    assert firsts(path, ("B04", "B03"), scaling=Scaling(40)) == [400, 800]


def test_nan_in_one_band_is_no_data_and_a_dark_integer_is(tmp_path):
    values = np.full((2, 6, 8), 5, np.float32)
    values[1, 2, 3] = np.nan
    with opened(picture(tmp_path, values, ["VV", "VH"]), ("VV", "VH")) as reader:
        crop = reader.read(WHOLE)
    assert np.argwhere(~crop.valid).tolist() == [[2, 3]]
    assert crop.values[:, 2, 3].tolist() == [0, 0]
    numbers = np.full((2, 6, 8), 5, np.uint16)
    numbers[1, 2, 3] = numbers[:, 4, 4] = 0
    with opened(picture(tmp_path, numbers, ["B04", "B10"], 0), ("B04", "B10"), scaling=Scaling(offset=7)) as reader:
        crop = reader.read(WHOLE)
    assert np.argwhere(~crop.valid).tolist() == [[4, 4]]
    assert crop.values[:, 2, 3].tolist() == [12, 0]


def test_a_window_without_data_is_told(tmp_path):
    path = picture(tmp_path, np.zeros((2, 6, 8), np.uint16), ["B04", "B03"], 0)
    with opened(path, ("B04",)) as reader, pytest.raises(BadInput) as caught:
        reader.read(WHOLE)
    assert caught.value.code == codes.NO_VALID_PIXELS


def test_every_band_but_opacity(tmp_path):
    path = picture(tmp_path, numbered(4, "uint8") // 2)
    with rasterio.open(path, "r+") as dataset:
        dataset.colorinterp = [rasterio.enums.ColorInterp[kind] for kind in ("red", "green", "blue", "alpha")]
    with opened(path, EVERY) as reader:
        assert reader.bands == ("1", "2", "3")
        assert reader.missing == ()


def test_steps_average(tmp_path):
    values = np.zeros((1, 6, 8), np.uint16)
    values[:, ::2] = 100
    with opened(picture(tmp_path, values, ["B04"]), ("B04",)) as reader:
        crop = reader.read(WHOLE, 2)
    assert crop.values.shape == (1, 3, 4)
    assert np.unique(crop.values).tolist() == [50]
