import itertools
import time
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsColorRampShader,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QColor
from toposcope.plugin.gis import render_job
from toposcope.plugin.gis.online import LayerRenderer
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.render_grid import BLOCK, RenderGrid, grid_of

HALF = 20037508.342789244
Z14 = 2 * HALF / (256 * 2**14)


@pytest.fixture
def xyz(server, qgis_app):
    made = QgsRasterLayer(server.uri, "tiles", "wms")
    assert made.isValid()
    QgsProject.instance().addMapLayer(made)
    yield made
    QgsProject.instance().clear()


@pytest.fixture
def renderer(tmp_path, monkeypatch, qgis_app):
    monkeypatch.setattr(render_job, "PAUSES_MS", (30, 60, 90, 120))
    made = LayerRenderer(tmp_path / "rendered")
    yield made
    made.close()


class Answers:
    def __init__(self):
        self.sources, self.notices, self.failures = [], [], []

    def done(self, source, notice):
        self.sources.append(source)
        self.notices.append(notice)

    def failed(self, sentence):
        self.failures.append(sentence)


@pytest.fixture
def ask(renderer, qtbot):
    def run(layer, x, y, step):
        answers = Answers()
        renderer.request(layer, QgsPointXY(x, y), step, answers.done, answers.failed)
        assert not answers.sources, "answers come later, never within the request"
        qtbot.waitUntil(lambda: bool(answers.sources or answers.failures), timeout=60000)
        return answers

    return run


def tile_at(dataset, source, column, row):
    """Return the (x, y, z * 10) a tile wrote into the pixel, as tile numbers modulo 256."""
    return tuple(dataset.GetRasterBand(band).ReadRaster(column, row, 1, 1)[0] for band in (1, 2, 3))


def test_tiles_come_at_their_own_resolution_and_in_their_own_place(xyz, ask):
    source = ask(xyz, 1000, 2000, Z14 * 1.7).sources[0]
    dataset = gdal.Open(source.path)
    transform = dataset.GetGeoTransform()
    assert transform[1] == pytest.approx(Z14)
    column, row = source.origin
    assert column % BLOCK == 0
    assert row % BLOCK == 0
    assert transform[0] == pytest.approx(-HALF + column * Z14)
    for x, y in ((0, 0), (255, 255), (256, 0), (1000, 700), (2047, 2047)):
        expected = ((column + x) // 256 % 256, (row + y) // 256 % 256, 140)
        assert tile_at(dataset, source, x, y) == expected
    assert dataset.GetRasterBand(4).ReadRaster() == b"\xff" * 2048 * 2048
    assert "3857" in dataset.GetProjection()


def test_neighbouring_clicks_share_a_file_and_others_share_pixels(xyz, ask):
    first = ask(xyz, 1000, 2000, Z14).sources[0]
    again = ask(xyz, 1000 + 100 * Z14, 2000, Z14).sources[0]
    beside = ask(xyz, 1000 + 1000 * Z14, 2000, Z14).sources[0]
    assert again == first
    assert beside.origin != first.origin
    shift = beside.origin[0] - first.origin[0]
    assert (shift % BLOCK, beside.origin[1]) == (0, first.origin[1])
    one, other = gdal.Open(first.path), gdal.Open(beside.path)
    shared = 2048 - shift
    assert one.ReadRaster(shift, 0, shared, 2048) == other.ReadRaster(0, 0, shared, 2048)


def test_tiles_that_fail_at_first_are_fetched_again(xyz, server, ask):
    server.delay = 0.01
    server.fail = lambda z, x, y, nth: x % 3 == 0 and nth <= 2
    answers = ask(xyz, 0, 0, Z14)
    assert answers.notices == [""]
    assert gdal.Open(answers.sources[0].path).GetRasterBand(4).ReadRaster().count(0) == 0


def test_a_tile_that_never_comes_is_said_and_is_no_data(xyz, server, ask):
    gone = []

    def fail(z, x, y, nth):
        if z == 14:  # a canvas that another test left may draw the layer from further away
            gone[:] = gone or [(x, y)]
        return z == 14 and [(x, y)] == gone

    server.fail = fail
    answers = ask(xyz, 0, 0, Z14)
    assert "1.6 %" in answers.notices[0]
    assert gdal.Open(answers.sources[0].path).GetRasterBand(4).ReadRaster().count(0) == 256 * 256


def test_no_tile_at_all_is_a_failure(xyz, server, ask):
    server.fail = lambda *_: True
    answers = ask(xyz, 0, 0, Z14)
    assert not answers.sources
    assert "Nothing of “tiles” arrived" in answers.failures[0]


def test_nothing_blocks_while_tiles_are_late(xyz, server, ask):
    server.delay = 0.1
    ticks = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start(5)
    ask(xyz, 0, 0, Z14)
    timer.stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(ticks)]
    assert len(ticks) > 20
    print(f"longest stall {max(gaps) * 1000:.0f} ms")


def test_files_go_when_they_are_no_longer_needed(xyz, renderer, ask):
    paths = [Path(ask(xyz, x * 2048 * Z14, 0, Z14).sources[0].path) for x in range(5)]
    assert [path.exists() for path in paths] == [False, True, True, True, True]
    xyz.setOpacity(0.5)
    xyz.styleChanged.emit()
    assert not any(path.exists() for path in paths)
    last = Path(ask(xyz, 0, 0, Z14).sources[0].path)
    assert last.exists()
    renderer.close()
    assert list(last.parent.iterdir()) == []


def test_a_disk_that_takes_nothing_is_said(xyz, renderer, ask):
    renderer._folder.write_text("a file where the folder should be")
    answers = ask(xyz, 0, 0, Z14)
    assert "cannot be written" in answers.failures[0]
    renderer._folder.unlink()
    assert ask(xyz, 0, 0, Z14).sources, "the next click works"


def test_where_a_drawn_source_lies(xyz, renderer, ask):
    source = ask(xyz, 1000, 2000, Z14).sources[0]
    extent = renderer.extent_of(source)
    assert extent.contains(QgsPointXY(1000, 2000))
    assert extent.width() == pytest.approx(2048 * Z14)
    renderer.forget(xyz.id())
    assert renderer.extent_of(source) is None


def test_a_layer_removed_while_it_is_read(xyz, server, renderer, qtbot):
    server.delay = 0.2
    answers = Answers()
    renderer.request(xyz, QgsPointXY(0, 0), Z14, answers.done, answers.failed)
    QgsProject.instance().removeMapLayer(xyz.id())
    qtbot.waitUntil(lambda: bool(answers.failures))
    assert "removed" in answers.failures[0]


def test_coloured_raster_is_drawn_pixel_by_pixel(layer, ask):
    image = layer(bands=1, width=70, height=50)
    ramp = QgsColorRampShader(0, 200, None, QgsColorRampShader.Type.Discrete)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(49, QColor(10, 20, 30)),
            QgsColorRampShader.ColorRampItem(300, QColor(200, 100, 50)),
        ]
    )
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    image.setRenderer(QgsSingleBandPseudoColorRenderer(image.dataProvider(), 1, shader))
    source = ask(image, 500010, 3999990, 25).sources[0]
    dataset = gdal.Open(source.path)
    assert (dataset.RasterXSize, dataset.RasterYSize, source.origin) == (70, 50, (0, 0))
    assert dataset.GetGeoTransform() == pytest.approx((500000, 0.5, 0, 4000000, 0, -0.5))
    expected = bytes(10 if (column + row + 10) % 200 <= 49 else 200 for row in range(50) for column in range(70))
    assert dataset.GetRasterBand(1).ReadRaster() == expected


def test_a_wms_is_drawn_at_a_power_of_two(server, qgis_app, ask):
    made = QgsRasterLayer(server.wms_uri, "map", "wms")
    assert made.isValid(), made.error().summary()
    QgsProject.instance().addMapLayer(made)
    source = ask(made, 500512, 4000512, 0.7).sources[0]
    dataset = gdal.Open(source.path)
    transform = dataset.GetGeoTransform()
    assert transform[1] == 0.5
    assert (transform[0], transform[3]) == (500000 + source.origin[0] * 0.5, 4001024 - source.origin[1] * 0.5)
    assert dataset.GetRasterBand(4).ReadRaster().count(0) == 0
    assert server.maps
    QgsProject.instance().clear()


def test_a_place_outside_is_refused(layer, renderer):
    with pytest.raises(Refused, match="outside"):
        renderer.request(layer(bands=1), QgsPointXY(0, 0), 1, None, None)


def test_a_coarse_canvas_takes_a_coarse_matrix(xyz):
    assert grid_of(xyz, Z14).step == pytest.approx(Z14)
    assert grid_of(xyz, Z14 * 0.99).step == pytest.approx(Z14 / 2)
    assert grid_of(xyz, 1e-6).step == pytest.approx(Z14 / 16)


def test_windows_end_at_the_grid(qgis_app):
    grid = RenderGrid(0, 0, 1, 3000, 700)
    window = grid.window_at(QgsPointXY(2999, -1))
    assert (window.column, window.row, window.width, window.height) == (1024, 0, 1976, 700)
    with pytest.raises(Refused):
        grid.window_at(QgsPointXY(3000, -1))
