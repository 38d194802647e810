import ast
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterRange,
    QgsSingleBandGrayRenderer,
    QgsVectorLayer,
)
from toposcope.backend.protocol.source import Stretch
from toposcope.plugin.gis.kinds import DRIVERS, Kind, kind_of
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.source import frame_of, safe_name, source_of


def stretched(low, high):
    enhancement = QgsContrastEnhancement(Qgis.DataType.UInt16)
    enhancement.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    enhancement.setMinimumValue(low)
    enhancement.setMaximumValue(high)
    return enhancement


def test_colour_layer_keeps_the_order_of_its_bands_and_their_stretches(layer):
    image = layer(bands=5, kind=gdal.GDT_UInt16)
    renderer = image.renderer()
    renderer.setRedBand(4)
    renderer.setGreenBand(1)
    renderer.setBlueBand(2)
    renderer.setRedContrastEnhancement(stretched(40, 400))
    renderer.setGreenContrastEnhancement(stretched(10, 100))
    renderer.setBlueContrastEnhancement(stretched(20, 200))
    source = source_of(image)
    assert source.bands == (4, 1, 2)
    assert source.stretch == (Stretch(40, 400), Stretch(10, 100), Stretch(20, 200))
    assert source.path == image.source()
    assert source.crs == ""


def test_grey_layer(layer):
    image = layer(bands=2, kind=gdal.GDT_UInt16)
    renderer = QgsSingleBandGrayRenderer(image.dataProvider(), 2)
    renderer.setContrastEnhancement(stretched(3, 700))
    image.setRenderer(renderer)
    source = source_of(image)
    assert (source.bands, source.stretch) == ((2,), (Stretch(3, 700),))


@pytest.mark.parametrize(("low", "high"), [(5, 5), (float("nan"), 9), (9, 5)])
def test_a_stretch_that_says_nothing_is_left_to_the_backend(layer, low, high):
    image = layer(bands=1)
    image.renderer().setContrastEnhancement(stretched(low, high))
    assert source_of(image).stretch == ()


def test_nodata_of_the_user(layer):
    image = layer(bands=1)
    image.dataProvider().setUserNoDataValue(1, [QgsRasterRange(7, 7)])
    assert source_of(image).nodata == 7
    image.dataProvider().setUserNoDataValue(1, [QgsRasterRange(7, 9)])
    assert kind_of(image) is Kind.RENDERED


def test_missing_crs_comes_from_the_layer_and_only_then(layer):
    image = layer(epsg=None)
    assert source_of(image).crs == ""
    image.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    assert source_of(image).crs == "EPSG:2154"
    other = layer(name="has_crs.tif")
    other.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    assert source_of(other).crs == ""


def test_layer_options_are_not_part_of_the_path(layer):
    image = layer()
    optioned = QgsRasterLayer(image.source() + "|option:NUM_THREADS=2", "options")
    if not optioned.isValid():
        pytest.skip("this QGIS has no open options in raster sources")
    assert source_of(optioned).path == image.source()


def test_what_the_backend_would_refuse_is_rendered(layer, tmp_path):
    image = layer()
    virtual = tmp_path / "virtual.vrt"
    gdal.Translate(str(virtual), image.source(), format="VRT")
    disguised = tmp_path / "disguised.tif"
    disguised.write_bytes(virtual.read_bytes())
    gdal.Translate("/vsimem/in_memory.tif", image.source())
    for path in (str(virtual), str(disguised), "/vsimem/in_memory.tif"):
        assert kind_of(QgsRasterLayer(path, path)) is Kind.RENDERED
    gdal.Unlink("/vsimem/in_memory.tif")
    image.setRenderer(QgsPalettedRasterRenderer(image.dataProvider(), 1, []))
    assert kind_of(image) is Kind.RENDERED
    with pytest.raises(Refused, match="image"):
        source_of(image)


def test_no_raster_and_no_valid_layer_are_refused(qgis_app):
    with pytest.raises(Refused, match="not a raster"):
        kind_of(QgsVectorLayer("Point?crs=EPSG:4326", "dots", "memory"))
    with pytest.raises(Refused, match="cannot read"):
        kind_of(QgsRasterLayer("nowhere.tif", "gone"))


def test_frame_of_a_picture_without_georeference_is_pixels(layer):
    assert frame_of(layer(epsg=None, origin=None)).pixel
    assert not frame_of(layer(name="placed.tif")).pixel


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Ortho 2026", "Ortho 2026"),
        ("https://me:secret@host/wms?token=abc tiles", "https://host/wms tiles"),
        ("HTTP://host/x?key=1", "HTTP://host/x"),
    ],
)
def test_names_carry_no_credentials(name, safe):
    assert safe_name(name) == safe


def test_the_formats_sent_by_reference_are_those_the_backend_opens():
    access = Path(__file__).parents[3] / "backend" / "geo" / "access.py"
    for node in ast.parse(access.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "DRIVERS":
            assert set(DRIVERS) <= set(ast.literal_eval(node.value))
            return
    pytest.fail("backend/geo/access.py names no DRIVERS")


@pytest.fixture
def raising_gdal():
    before = gdal.GetUseExceptions()
    gdal.UseExceptions()
    yield
    if not before:
        gdal.DontUseExceptions()


def test_it_does_not_matter_whether_gdal_raises(layer, tmp_path, raising_gdal):
    image = layer()
    assert source_of(image).path == image.source()
    Path(image.source()).write_bytes(b"damaged")
    assert kind_of(image) is Kind.RENDERED
