"""Map tiles of a generated region are layers below it, hidden; those of another machine are told of."""

import json

import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage
from toposcope.backend.protocol.jobs import SUCCESSFUL, JobState, ResultFile
from toposcope.plugin.generate.results import tiles_elsewhere
from toposcope.plugin.gis.generated_layers import add_generated
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.synthetic import is_synthetic

from tests.qgis.conftest import write_raster

HALF = 20037508.342789244
PINK = QColor(200, 10, 90)


def tiles_folder(folder):
    """A folder with one tile, the north-western quarter of the earth."""
    (folder / "1/0").mkdir(parents=True)
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(PINK)
    image.save(str(folder / "1/0/0.png"))
    about = folder / "tiles.json"
    about.write_text(json.dumps({"tiles": ["{z}/{x}/{y}.png"], "minzoom": 1, "maxzoom": 1}), encoding="utf-8")
    return about


def mbtiles(path):
    """An MBTiles file of a picture that is pink."""
    source = gdal.GetDriverByName("MEM").Create("", 256, 256, 4)
    source.SetGeoTransform((-HALF, HALF / 256, 0, HALF, 0, -HALF / 256))
    source.SetProjection(QgsCoordinateReferenceSystem("EPSG:3857").toWkt())
    for band, value in enumerate((*PINK.getRgb()[:3], 255), start=1):
        source.GetRasterBand(band).Fill(value)
    gdal.GetDriverByName("MBTiles").CreateCopy(str(path), source)
    return path


def drawn(layer):
    """The colour in the middle of the north-western quarter, as QGIS draws it."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(QSize(64, 64))
    settings.setExtent(QgsRectangle(-HALF, 0, 0, HALF))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage().pixelColor(32, 32)


@pytest.mark.parametrize("make", [lambda at: tiles_folder(at / "a b#1_tiles"), lambda at: mbtiles(at / "g.mbtiles")])
def test_tiles_are_layers_below_the_levels(make, tmp_path, qgis_new_project):
    group = add_generated([(4, write_raster(tmp_path / "g.tif"))], "t", False, [], [make(tmp_path)])
    level, tiles = group.findLayers()
    assert level.isVisible()
    assert not tiles.isVisible()
    assert tiles.name().startswith("SYNTHETIC – map tiles")
    assert is_synthetic(tiles)
    assert drawn(tiles.layer()) == PINK


def test_tiles_that_cannot_be_read_leave_no_group(tmp_path, qgis_new_project):
    (tmp_path / "g.mbtiles").write_bytes(b"no tiles")
    with pytest.raises(Refused, match=r"g\.mbtiles"):
        add_generated([(4, write_raster(tmp_path / "g.tif"))], "t", False, [], [tmp_path / "g.mbtiles"])
    assert not QgsProject.instance().layerTreeRoot().children()


def test_tiles_on_another_machine_are_told_of(tmp_path):
    names = {"g.tif": "/there/g.tif", "g_tiles/tiles.json": "/there/g_tiles/tiles.json"}
    files = tuple(ResultFile(name, path, "", 0, "") for name, path in names.items())
    state = JobState("j", "generate", SUCCESSFUL, "", results=files)
    tiles_folder(tmp_path / "here/g_tiles")
    (tmp_path / "fetched/g_tiles").mkdir(parents=True)
    assert tiles_elsewhere(state, tmp_path / "here") == []
    assert tiles_elsewhere(state, tmp_path / "fetched") == [
        "The map tiles are on the backend's machine: “/there/g_tiles/tiles.json”."
    ]
