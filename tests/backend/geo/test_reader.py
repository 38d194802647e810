import os

import numpy as np
import pytest
import rasterio

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source, Stretch

ALL = Window(0, 0, 50, 40)


def opened(path, **source):
    return SourceReader(Source(path=str(path), **source), path)


def failure(call):
    with pytest.raises(BadInput) as error:
        call()
    assert error.value.detail.endswith(".")
    return error.value.code


def test_eight_bit_is_untouched(raster, pattern):
    values = pattern()
    crop = opened(raster(values)).read(ALL)
    assert (crop.image == values.transpose(1, 2, 0)).all()
    assert crop.valid.all()


@pytest.mark.parametrize(("count", "shown"), [(1, [0, 0, 0]), (2, [0, 0, 0]), (4, [0, 1, 2]), (13, [0, 1, 2])])
def test_bands_by_default(raster, pattern, count, shown):
    values = pattern(count)
    crop = opened(raster(values, photometric="minisblack")).read(ALL)
    assert (crop.image == values[shown].transpose(1, 2, 0)).all()


def test_bands_chosen(raster, pattern):
    values = pattern(13)
    path = raster(values)
    assert (opened(path, bands=(8, 4, 3)).read(ALL).image == values[[7, 3, 2]].transpose(1, 2, 0)).all()
    assert (opened(path, bands=(5,)).read(ALL).image == values[[4, 4, 4]].transpose(1, 2, 0)).all()
    for bands in ((14,), (0,), (1, 2), (1, 2, 3, 4)):
        assert failure(lambda bands=bands: opened(path, bands=bands)) == codes.PARAMETER_INVALID


def test_a_stretch_maps_its_ends_to_black_and_white(raster):
    values = np.tile(np.linspace(0, 4000, 50), (1, 40, 1)).astype("uint16")
    image = opened(raster(values), stretch=(Stretch(1000, 3000),)).read(ALL).image[0, :, 0]
    assert image[0] == image[12] == 0
    assert image[-1] == image[38] == 255
    assert abs(int(image[25]) - 133) <= 1
    path = raster(values.repeat(3, 0), "c.tif")
    assert opened(path, stretch=(Stretch(1000, 3000),)).stretch == (Stretch(1000, 3000),) * 3
    assert failure(lambda: opened(path, stretch=(Stretch(0, 1),) * 2)) == codes.PARAMETER_INVALID
    path = raster(values, "b.tif")
    assert failure(lambda: opened(path, stretch=(Stretch(3, 3),))) == codes.PARAMETER_INVALID
    assert failure(lambda: opened(path, stretch=(Stretch(0, 1),) * 2)) == codes.PARAMETER_INVALID


@pytest.mark.parametrize("dtype", ["uint16", "int16", "float32", "float64"])
def test_percentiles_of_the_whole_layer_not_of_the_crop(raster, dtype):
    values = np.tile(np.linspace(0, 30000, 500), (1, 100, 1)).astype(dtype)
    reader = opened(raster(values))
    assert reader.read(Window(0, 0, 50, 40)).image.max() < 30
    assert reader.read(Window(450, 0, 50, 40)).image.min() > 225


def test_how_it_is_shown_can_be_asked_and_given_again(raster, pattern):
    values = np.tile(np.linspace(0, 30000, 50), (4, 40, 1)) * np.array([1, 2, 3, 4])[:, None, None] / 4
    path = raster(values.astype("uint16"))
    reader = opened(path)
    assert reader.bands == (1, 2, 3)
    assert [round(stretch.high, -2) for stretch in reader.stretch] == [7300, 14700, 22000]
    again = opened(path, bands=reader.bands, stretch=reader.stretch)
    assert (again.read(ALL).image == opened(path).read(ALL).image).all()
    assert opened(raster(pattern(), "plain.tif")).stretch == ()


def test_a_picture_of_one_pixel(raster):
    path = raster(np.full((3, 1, 1), 7, "uint8"))
    assert opened(path).read(Window(0, 0, 1, 1)).image.tolist() == [[[7, 7, 7]]]


def test_nodata_and_nan_are_not_valid_and_do_not_bend_the_stretch(raster):
    values = np.tile(np.linspace(100, 200, 50, dtype="float32"), (1, 40, 1))
    values[0, :10] = -9999
    values[0, 10:20] = np.nan
    values[0, 20, 0] = np.inf
    crop = opened(raster(values, nodata=-9999)).read(ALL)
    assert not crop.valid[:20].any()
    assert crop.valid[21:].all()
    assert not crop.image[:20].any()
    assert crop.image[30, -1, 0] == 255


def test_nodata_can_be_overridden(raster, pattern):
    values = pattern(1)
    values[0, :5] = 7
    values[0, 20:] = 9
    crop = opened(raster(values, nodata=7), nodata=9).read(ALL)
    assert crop.valid[:5].all()
    assert not crop.valid[20:].any()
    assert not crop.image[20:].any()


def test_a_transparent_pixel_is_not_valid(raster, pattern):
    values = pattern(4)
    values[3] = 255
    values[3, :, :9] = 0
    crop = opened(raster(values, "a.png", crs=None, driver="PNG")).read(ALL)
    assert (crop.valid == (values[3] > 0)).all()


def test_a_mask_band_is_respected(raster, pattern):
    path = raster(pattern())
    mask = np.full((40, 50), 255, "uint8")
    mask[:7] = 0
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as dataset:
        dataset.write_mask(mask)
    assert (opened(path).read(ALL).valid == (mask > 0)).all()


def test_nothing_but_nodata_is_said(raster):
    path = raster(np.full((1, 40, 50), np.nan, "float32"))
    assert failure(lambda: opened(path).read(ALL)) == codes.NO_VALID_PIXELS
    path = raster(np.zeros((3, 40, 50), "uint8"), "b.tif", nodata=0)
    assert failure(lambda: opened(path).read(ALL)) == codes.NO_VALID_PIXELS


def test_a_palette_is_shown_in_its_colours(raster, pattern):
    path = raster(pattern(1) % 2, photometric="palette")
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, {0: (10, 20, 30, 255), 1: (200, 100, 0, 255)})
    found = {tuple(pixel) for pixel in opened(path).read(ALL).image.reshape(-1, 3).tolist()}
    assert found == {(10, 20, 30), (200, 100, 0)}
    assert (opened(path).bands, opened(path).stretch) == ((), ())


@pytest.mark.parametrize("step", [2, 4, 8])
def test_a_step_averages_and_the_last_cells_are_partial(raster, pattern, step):
    values = pattern(1, 45, 51)
    crop = opened(raster(values)).read(Window(0, 0, 51, 45), step)
    assert crop.image.shape[:2] == (-(-45 // step), -(-51 // step)) == crop.valid.shape
    for row, col in ((0, 0), (1, 2), (crop.image.shape[0] - 1, crop.image.shape[1] - 1)):
        cell = values[0, row * step : (row + 1) * step, col * step : (col + 1) * step]
        assert abs(crop.image[row, col, 0] - cell.mean()) <= 1


def test_a_file_without_georeference_has_pixels_for_coordinates(raster, pattern):
    reader = opened(raster(pattern(), "a.png", crs=None, driver="PNG"))
    assert reader.grid.crs == ""
    assert reader.grid.transform.is_identity
    assert reader.pixel_size_m == 0


def test_a_missing_crs_can_be_given_and_a_wrong_one_is_said(raster, pattern):
    path = raster(pattern(), "a.png", crs=None, driver="PNG")
    assert "32645" in opened(path, crs="EPSG:32645").grid.crs
    assert failure(lambda: opened(path, crs="no such thing")) == codes.PARAMETER_INVALID


@pytest.mark.parametrize("harm", ["delete", "replace", "truncate"])
def test_a_file_changed_while_open_is_noticed(raster, pattern, harm):
    path = raster(pattern())
    reader = opened(path)
    reader.read(ALL)
    if harm == "delete":
        path.unlink()
    elif harm == "replace":
        other = raster(pattern(3, 41, 50), "other.tif")
        other.replace(path)
    else:
        os.truncate(path, 100)
    gone = harm == "delete"
    assert failure(lambda: reader.read(ALL)) == (codes.SOURCE_MISSING if gone else codes.SOURCE_CHANGED)


def test_the_fingerprint_tells_contents_and_views_apart(raster, pattern):
    path = raster(pattern())
    first = opened(path).fingerprint
    assert first == opened(path).fingerprint
    assert first != opened(path, bands=(3, 2, 1)).fingerprint
    assert first != opened(path, nodata=3).fingerprint
    os.utime(path, (1, 1))
    assert first != opened(path).fingerprint
