"""From a phrase to layers, with the plugin as QGIS builds it, a real backend process and Mini."""

import dataclasses
from pathlib import Path

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton
from toposcope.plugin.gis import ground_layers as layers
from toposcope.plugin.gis.heat_style import apply_heat_style
from toposcope.plugin.gui.area_picker import CANVAS, LAYER, NOTHING, POLYGONS, RECTANGLE
from toposcope.plugin.settings import PHRASES

from tests.qgis.conftest import look_at
from tests.qgis.embeddings import scene

SIZE, PIXEL, LEFT, TOP = 200, 0.5, 500000.0, 4000000.0
AREA = QgsRectangle(LEFT + 20, TOP - 60, LEFT + 60, TOP - 20)


def write_image(path, georeferenced=True):
    """Write a green field with two grey roofs."""
    return scene.write_image(path, georeferenced, ((60, 60), (120, 130)), SIZE, (44, 36))


@pytest.fixture
def plugin(loaded, qgis_canvas, qgis_new_project, tmp_path, qtbot):
    """The plugin on a fresh project with an image, the map on all of it, settings as they come."""
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    show(loaded, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "image.tif")), "image"))
    page = loaded.ground_page
    page.area.pick(CANVAS)
    choose(page, answer="classmap", background="none", granularity="auto", outline="smooth")
    page.findChild(QDoubleSpinBox, "threshold").setValue(0.5)
    qtbot.waitUntil(lambda: not loaded.ground.results.shelf.titles())
    return loaded


def show(plugin, canvas, image):
    QgsProject.instance().addMapLayer(image)
    look_at(canvas, image.crs(), image.extent())
    plugin.ground_page.source.setLayer(image)
    return image


def choose(page, **values):
    for name, value in values.items():
        combo = page.findChild(QComboBox, name)
        combo.setCurrentIndex(combo.findData(value))


def status(plugin):
    return plugin.ground_page.findChild(QLabel, "groundStatus").text()


@pytest.fixture
def search(plugin, qtbot):
    """Return a function that searches and waits for the group of layers."""

    def act(phrases):
        shelf = plugin.ground.results.shelf
        before = len(shelf.titles())
        plugin.ground_page.phrases.set_text(phrases)
        plugin.ground_page.findChild(QPushButton, "ground").click()
        qtbot.waitUntil(lambda: plugin.ground._submission is None, timeout=120_000)
        qtbot.waitUntil(lambda: len(shelf.titles()) > before, timeout=10_000)
        return layers.groups()[0]

    return act


def test_a_class_map_of_what_the_map_shows(plugin, search, qgis_canvas, qtbot):
    qgis_canvas.setExtent(AREA)
    group = search("building; 草地")
    classes = layers.part(group, layers.CLASSES)
    legend = [entry.label for entry in classes.renderer().classes()]
    assert legend == ["building", "草地"]
    assert qgis_canvas.extent().contains(classes.extent()) or classes.extent().width() <= SIZE * PIXEL
    answer = plugin.ground.results.shelf.run.answer
    assert sum(one.share for one in answer.phrases) == pytest.approx(1, abs=0.01)
    shelf = plugin.ground.results.shelf
    qtbot.waitUntil(lambda: shelf.tally is not None)
    for one in answer.phrases:
        taken = shelf.tally.taken(one.index, 0.0)
        assert taken.share == pytest.approx(one.share, abs=1e-6)
        assert taken.area_m2 == pytest.approx(one.area_m2, rel=1e-4)
        assert taken.confidence == pytest.approx(one.confidence, abs=1e-4)
    assert group.name() == "building; 草地 in image"
    assert plugin.ground._settings.get(PHRASES)[0] == "building; 草地"


def test_results_go_where_the_user_wants_them(plugin, search, tmp_path):
    (tmp_path / "maps").mkdir()
    plugin.ground_page.set_folder(str(tmp_path / "maps"))
    group = search("building; grass")
    [folder] = (tmp_path / "maps").iterdir()
    assert folder.name == "building; grass in image"
    assert layers.folder_of(group) == folder
    assert plugin.ground.results.shelf.run.folder == folder
    assert str(folder) in status(plugin)
    plugin.ground_page.set_folder(str(tmp_path / "gone"))
    plugin.ground_page.findChild(QPushButton, "ground").click()
    assert "choose another folder" in status(plugin)
    plugin.ground_page.set_folder("")


def test_objects_of_a_drawn_rectangle_are_polygons_of_the_phrases(plugin, search):
    page = plugin.ground_page
    page.area.pick(RECTANGLE)
    page.area.set_rectangle(QgsReferencedRectangle(AREA, QgsProject.instance().crs()))
    choose(page, answer="instances")
    page.findChild(QDoubleSpinBox, "threshold").setValue(0.02)
    objects = layers.part(search("building; grass"), layers.INSTANCES)
    found = list(objects.getFeatures())
    assert found
    assert {feature["label"] for feature in found} <= {"building", "grass"}
    around = QgsRectangle(AREA)
    around.grow(1)
    assert all(around.contains(feature.geometry().boundingBox()) for feature in found)
    page.area.set_rectangle(None)


def test_selected_polygons_are_searched_and_nothing_beside_them(plugin, search, qtbot):
    page, shelf = plugin.ground_page, plugin.ground.results.shelf
    triangle = QgsGeometry.fromWkt(
        f"Polygon(({LEFT + 20} {TOP - 60}, {LEFT + 60} {TOP - 60}, {LEFT + 20} {TOP - 20}, {LEFT + 20} {TOP - 60}))"
    )
    fields = QgsVectorLayer("Polygon?crs=EPSG:32611", "fields", "memory")
    feature = QgsFeature()
    feature.setGeometry(triangle)
    fields.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(fields)
    fields.selectAll()
    page.area.pick(POLYGONS, fields)
    search("building; grass")
    qtbot.waitUntil(lambda: shelf.tally is not None)
    assert shelf.tally.known * PIXEL**2 == pytest.approx(triangle.area(), rel=0.02)


def test_an_example_stands_for_a_phrase(plugin, search):
    page, tool = plugin.ground_page, plugin.ground.example.inputs[RECTANGLE].tool
    page.example.pick(RECTANGLE)
    assert plugin._iface.mapCanvas().mapTool() is tool
    tool.box.emit(QgsRectangle(LEFT + 30, TOP - 48, LEFT + 52, TOP - 30))
    assert plugin._iface.mapCanvas().mapTool() is not tool
    answer_layer = layers.part(search(""), layers.CLASSES)
    assert [entry.label for entry in answer_layer.renderer().classes()] == ["like this"]
    page.example.set_rectangle(None)
    page.example.pick(NOTHING)


def test_progress_is_told_and_the_button_comes_back(plugin, search, monkeypatch):
    heard = []
    real = plugin.ground_page.set_progress
    monkeypatch.setattr(plugin.ground_page, "set_progress", lambda percent: (heard.append(percent), real(percent)))
    search("building")
    assert heard[0] == -1
    assert heard[-1] is None
    assert plugin.ground_page.findChild(QPushButton, "ground").isVisibleTo(plugin.ground_page)


def test_cancelling_leaves_no_layer_and_says_so(plugin, qtbot):
    plugin.ground_page.phrases.set_text("building")
    plugin.ground_page.findChild(QPushButton, "ground").click()
    plugin.ground_page.findChild(QPushButton, "groundCancel").click()
    qtbot.waitUntil(lambda: plugin.ground._submission is None, timeout=60_000)
    assert "Cancelled" in status(plugin)
    assert layers.groups() == []
    assert len(QgsProject.instance().mapLayers()) == 1


@pytest.mark.parametrize(
    ("phrases", "said"), [("", "what to look for"), ("สระว่ายน้ำ", "English or Chinese"), ("x" * 201, "200")]
)
def test_phrases_that_cannot_be_searched_for_are_refused_in_one_sentence(plugin, qtbot, phrases, said):
    plugin.ground_page.phrases.set_text(phrases)
    plugin.ground_page.findChild(QPushButton, "ground").click()
    qtbot.waitUntil(lambda: plugin.ground._submission is None, timeout=60_000)
    assert said in status(plugin)
    assert layers.groups() == []


def test_a_layer_that_qgis_draws_is_searched_where_the_map_is(plugin, search, qgis_canvas, tmp_path):
    image = QgsRasterLayer(str(write_image(tmp_path / "drawn.tif")), "drawn")
    apply_heat_style(image, 1, 255)
    assert isinstance(image.renderer(), QgsSingleBandPseudoColorRenderer)
    show(plugin, qgis_canvas, image)
    classes = layers.part(search("building; grass"), layers.CLASSES)
    assert image.extent().intersects(classes.extent())
    assert not list(Path(plugin._scratch.name).glob("area-*.tif"))


def test_an_image_without_georeference(plugin, search, qgis_canvas, tmp_path):
    image = show(plugin, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "photo.tif", False)), "photo"))
    plugin.ground_page.area.pick(LAYER)
    choose(plugin.ground_page, answer="instances")
    plugin.ground_page.findChild(QDoubleSpinBox, "threshold").setValue(0.02)
    objects = layers.part(search("building; grass"), layers.INSTANCES)
    outside = [f.id() for f in objects.getFeatures() if not image.extent().contains(f.geometry().boundingBox())]
    assert objects.featureCount() > 0
    assert outside == []


def test_a_refined_object_replaces_the_found_one_as_one_command(plugin, search, qtbot):
    choose(plugin.ground_page, answer="instances")
    plugin.ground_page.findChild(QDoubleSpinBox, "threshold").setValue(0.02)
    objects = layers.part(search("building; grass"), layers.INSTANCES)
    before = {f["id"]: (f.geometry().asWkt(1), f["score"], f["label"]) for f in objects.getFeatures()}
    name = min(objects.getFeatures(), key=lambda f: f.geometry().area())["id"]
    plugin.segment_page.model.pick("classic")
    plugin.ground_page.results.refine_asked.emit(name)
    qtbot.waitUntil(lambda: plugin.session.answer is not None, timeout=60_000)
    plugin.segment_page.accept_asked.emit()
    assert objects.undoStack().count() == 1
    after = {f["id"]: (f.geometry().asWkt(1), f["score"], f["label"]) for f in objects.getFeatures()}
    assert [key for key in before if before[key] != after[key]] == [name]
    assert after[name][1:] == before[name][1:]
    objects.undoStack().undo()
    assert {f["id"]: f.geometry().asWkt(1) for f in objects.getFeatures()}[name] == before[name][0]
    objects.rollBack()
    plugin.segment_page.set_tool_active(False)


def test_the_panel_can_be_made_narrow(plugin):
    assert plugin.dock.widget().minimumSizeHint().width() <= 320


def test_a_backend_without_the_task_is_told_in_one_sentence(plugin, monkeypatch):
    connection = plugin.connection
    older = tuple(task for task in connection.capabilities.tasks if task.id != "ground")
    capabilities = dataclasses.replace(connection.capabilities, tasks=older)
    monkeypatch.setattr(connection, "capabilities", capabilities)
    connection.changed.emit()
    assert "cannot search by phrases" in status(plugin)
    assert not plugin.ground_page.findChild(QPushButton, "ground").isEnabled()
    monkeypatch.undo()
    connection.changed.emit()
    assert plugin.ground_page.findChild(QPushButton, "ground").isEnabled()
