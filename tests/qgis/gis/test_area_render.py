"""An area of an online layer as one GeoTIFF on the layer's grid."""

import pytest
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QObject
from toposcope.plugin.gis import render_job
from toposcope.plugin.gis.area_render import LARGEST, AreaRender
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.render_grid import BLOCK

from tests.qgis.gis.test_online import HALF, Z14, tile_at

AREA = QgsRectangle(1_000_000, 6_000_000, 1_000_000 + 700 * Z14, 6_000_000 + 300 * Z14)


@pytest.fixture
def xyz(server, qgis_app, monkeypatch):
    monkeypatch.setattr(render_job, "PAUSES_MS", (30, 60, 90, 120))
    made = QgsRasterLayer(server.uri, "tiles", "wms")
    QgsProject.instance().addMapLayer(made)
    yield made
    QgsProject.instance().clear()


@pytest.fixture
def render(xyz, tmp_path, qgis_app):
    owner = QObject()
    answers = []

    def start(area, step=Z14):
        made = AreaRender(
            xyz, area, step, tmp_path, lambda *said: answers.append(said), lambda text: answers.append((text,)), owner
        )
        return made, answers

    yield start
    owner.deleteLater()


def test_the_whole_area_is_drawn_on_the_grid_of_the_tiles(render, qtbot):
    _, answers = render(AREA)
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    [(source, notice)] = answers
    assert notice == ""
    dataset = gdal.Open(source.path)
    x, step, _, y, _, _ = dataset.GetGeoTransform()
    drawn = QgsRectangle(x, y - step * dataset.RasterYSize, x + step * dataset.RasterXSize, y)
    assert drawn.contains(AREA)
    assert step == pytest.approx(Z14)
    assert [place % BLOCK for place in source.origin] == [0, 0]
    column, row = int((AREA.xMaximum() - x) / step), int((y - AREA.yMinimum()) / step)
    tile = int((AREA.xMaximum() + HALF) / Z14 / 256), int((HALF - AREA.yMinimum()) / Z14 / 256)
    assert tile_at(dataset, source, column, row) == (tile[0] % 256, tile[1] % 256, 140)


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (QgsRectangle(0, 0, (LARGEST + 2 * BLOCK) * Z14, Z14), "too large"),
        (QgsRectangle(3 * HALF, 0, 4 * HALF, HALF), "outside"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_once(render, area, said):
    with pytest.raises(Refused, match=said):
        render(area)


def test_one_that_was_cancelled_says_nothing_and_leaves_no_file(render, tmp_path, qtbot):
    made, answers = render(AREA)
    made.cancel()
    qtbot.wait(1500)
    assert answers == []
    assert list(tmp_path.glob("area-*")) == []
