"""The results part of the page and the layers it stands for: filter, links, refine, add, and several runs."""

import json
from dataclasses import asdict, replace

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QSlider, QTextBrowser
from toposcope.backend.protocol.prompts import Box
from toposcope.plugin.gis import ground_layers as layers
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.score_filter import least_score
from toposcope.plugin.ground import results
from toposcope.plugin.gui.answer_text import sentence
from toposcope.plugin.gui.score_slider import REST_MS

from tests.qgis.ground import runs


@pytest.fixture
def widget(plugin):
    return plugin.ground_page.results


@pytest.fixture
def notices(plugin):
    heard = []
    plugin.ground.notice.connect(heard.append)
    return heard


def objects(group):
    return layers.part(group, layers.INSTANCES)


def answer_text(widget):
    return widget.findChild(QTextBrowser, "groundAnswer").toPlainText()


def follow(widget, link):
    widget.findChild(QTextBrowser, "groundAnswer").anchorClicked.emit(QUrl(link))


def centre_of(number):
    _name, _phrase, _score, place = runs.OBJECTS[number]
    x0, y0, x1, y1 = runs.corners(place)
    return QgsPointXY((x0 + x1) / 2, (y0 + y1) / 2)


def test_there_is_nothing_to_see_before_a_run(widget):
    assert widget.isHidden()


def test_the_answer_says_what_was_found_where_and_how_much(add_run, widget):
    add_run()
    text = answer_text(widget)
    assert "2 × roof" in text
    assert "150.0 m²" in text
    assert "Regions" in text
    assert "30% of the pixels" in text
    assert widget.findChild(QLabel, "shownCount").text() == "2 of 3 objects"
    assert "swimming pool 0.35" not in text


def test_a_look_from_afar_is_told_in_a_sentence_with_shares_and_confidence(add_run, plugin, widget):
    add_run()
    answer = replace(plugin.ground.results.shelf.run.answer, granularity="image")
    found, missing = answer.phrases[0], replace(answer.phrases[1], share=0.0, count=0)
    said = sentence(replace(answer, phrases=(found, missing)))
    assert said == "The area shows roof (10%, confidence 0.80). Not found: swimming pool."


def test_moving_the_slider_changes_counts_at_once_and_the_map_a_moment_later(add_run, widget, qtbot):
    layer = objects(add_run())
    slider = widget.findChild(QSlider, "leastScore")
    with qtbot.waitSignal(widget.score_rested):
        for value in (80, 60, 30):
            slider.setValue(value)
        assert widget.findChild(QLabel, "shownCount").text() == "3 of 3 objects"
        assert least_score(layer) == 0.5
    assert least_score(layer) == 0.3
    qtbot.waitUntil(lambda: "swimming pool 0.35" in answer_text(widget))


def test_areas_and_counts_follow_the_score_while_the_slider_moves_and_are_copied_so(add_run, plugin, widget, qtbot):
    group = add_run()
    qtbot.waitUntil(lambda: plugin.ground.results.shelf.tally is not None)
    square = runs.PIXEL**2
    for score, roofs, pools in ((0.3, 600, 300), (0.6, 400, 0)):
        widget.findChild(QSlider, "leastScore").setValue(round(100 * score))
        assert least_score(objects(group)) != score
        widget.findChild(QPushButton, "copyShares").click()
        rows = [line.split("\t") for line in QApplication.clipboard().text().splitlines()[1:]]
        assert [row[0] for row in rows] == ["roof", "swimming pool"]
        areas = [0.0 if row[1] == "–" else float(row[1].split()[0]) for row in rows]
        assert areas == pytest.approx([roofs * square, pools * square], rel=2e-3)
        assert [row[2] for row in rows] == [f"{n / 900:.1%}" for n in (roofs, pools)]
        assert [row[3] for row in rows] == (["2", "1"] if pools else ["1", "–"])
        qtbot.waitUntil(lambda rows=rows: rows[0][1] in answer_text(widget))


def test_a_link_shows_the_object_on_the_map(add_run, widget, qgis_canvas):
    add_run()
    follow(widget, "object:2")
    assert qgis_canvas.extent().center().distance(centre_of(1)) < 0.1


@pytest.mark.parametrize("georeferenced", [True, False])
def test_a_place_that_was_looked_at_closely_is_shown(add_run, plugin, widget, qgis_canvas, georeferenced):
    add_run()
    shelf = plugin.ground.results.shelf
    box = Box(*runs.corners((10, 10, 30, 30), georeferenced))
    answer = replace(shelf.run.answer, looked=(Box(0, 0, 1, 1), box), crs="EPSG:32611" if georeferenced else "")
    shelf._runs["one"] = replace(shelf.run, answer=answer)
    if not georeferenced:
        shelf.group.setCustomProperty(layers.KEY, json.dumps({**asdict(shelf.mark), "pixel": True}))
        qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem())
    shelf.changed.emit()
    assert "Most relevant: 1 2" in answer_text(widget)
    follow(widget, "place:1")
    centre = qgis_canvas.extent().center()
    assert centre.distance(centre_of(0) if georeferenced else QgsPointXY(runs.COLUMN + 20, -runs.ROW - 20)) < 0.1


def test_a_link_to_an_object_that_was_deleted_says_so(add_run, widget, notices):
    layer = objects(add_run())
    layer.dataProvider().deleteFeatures([feature.id() for feature in layer.getFeatures()])
    follow(widget, "object:2")
    assert notices


def test_relevance_comes_and_goes_with_its_box(add_run, widget):
    group = add_run()
    box, phrase = widget.findChild(QCheckBox, "relevance"), widget.findChild(QComboBox, "relevancePhrase")
    box.click()
    relevance = layers.part(group, layers.RELEVANCE)
    assert relevance.renderer().usesBands() == [1]
    phrase.setCurrentIndex(1)
    assert relevance.renderer().usesBands() == [2]
    box.click()
    assert not group.findLayer(relevance.id()).itemVisibilityChecked()
    assert layers.part(group, layers.RELEVANCE) is relevance


def test_shown_objects_go_into_a_layer_as_one_command(add_run, widget, notices):
    add_run()
    widget.findChild(QPushButton, "addShown").click()
    target = widget.target.currentLayer()
    assert [(f["label"], f["score"]) for f in target.getFeatures()] == [("roof", 0.91), ("roof", 0.55)]
    assert target.undoStack().count() == 1
    assert "2 objects" in notices[-1]
    target.undoStack().undo()
    assert target.featureCount() == 0


@pytest.mark.parametrize("way", ["click", "link"])
def test_an_object_is_handed_to_the_segment_tool(add_run, plugin, widget, way):
    layer, asked = objects(add_run()), []
    plugin.ground.refine_asked.connect(lambda *what: asked.append(what))
    if way == "click":
        widget.findChild(QPushButton, "pickObject").click()
        plugin.ground.clicks.tool.point.emit(centre_of(0), 1)
    else:
        follow(widget, "refine:1")
    [(image, target, feature, around)] = asked
    assert image.name() == "image"
    assert target is layer
    assert layer.getFeature(feature)["id"] == "1"
    assert around.contains(centre_of(0))
    assert plugin.segment_page.source.currentLayer() is image
    assert plugin.segment_page.target.currentLayer() is layer
    assert plugin.segment.active


def test_a_hidden_object_is_not_picked(add_run, plugin, widget, notices):
    add_run()
    widget.findChild(QPushButton, "pickObject").click()
    plugin.ground.clicks.tool.point.emit(centre_of(2), 1)
    assert "No object" in notices[-1]


def test_the_image_may_have_gone_meanwhile(add_run, plugin, image, widget, notices):
    add_run()
    QgsProject.instance().removeMapLayer(image.id())
    follow(widget, "refine:1")
    assert "image" in notices[-1]


def test_several_runs_are_told_apart_and_go_with_their_groups(add_run, plugin, widget, qtbot):
    first, second = add_run("one"), add_run("two")
    combo = widget.findChild(QComboBox, "groundRuns")
    assert [combo.itemText(index) for index in range(combo.count())] == ["run two", "run one"]
    assert combo.currentText() == "run two"
    combo.setCurrentIndex(1)
    widget.score_rested.emit(0.9)
    assert [least_score(objects(group)) for group in (first, second)] == [0.9, 0.5]
    root = QgsProject.instance().layerTreeRoot()
    root.removeChildNode(first)
    qtbot.waitUntil(lambda: combo.count() == 1)
    assert combo.currentText() == "run two"
    root.removeChildNode(second)
    qtbot.waitUntil(widget.isHidden)


def test_a_run_that_is_picked_before_the_slider_rests_keeps_its_own_score(add_run, widget, qtbot):
    groups = add_run("one"), add_run("two")
    assert "2 × roof" in answer_text(widget)
    widget.findChild(QSlider, "leastScore").setValue(90)
    widget.findChild(QComboBox, "groundRuns").setCurrentIndex(1)
    assert "2 × roof" in answer_text(widget)
    assert widget.findChild(QLabel, "shownCount").text() == "2 of 3 objects"
    with qtbot.assertNotEmitted(widget.score_rested, wait=3 * REST_MS):
        pass
    assert [least_score(objects(group)) for group in groups] == [0.5, 0.5]


def test_the_answer_says_what_the_layers_show_once_the_slider_rests(add_run, widget, qtbot, monkeypatch, notices):
    add_run()

    def fail(*_what):
        raise Refused("full")

    monkeypatch.setattr(results, "show_classes_from", fail)
    with qtbot.waitSignal(widget.score_rested):
        widget.findChild(QSlider, "leastScore").setValue(30)
    assert notices == ["full"]
    before = widget.findChild(QTextBrowser, "groundAnswer").toHtml()
    widget.run_picked.emit("one")
    assert widget.findChild(QTextBrowser, "groundAnswer").toHtml() == before


def test_a_saved_project_shows_its_answer_again(add_run, plugin, widget, tmp_path, qtbot):
    add_run()
    project = QgsProject.instance()
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    qtbot.waitUntil(widget.isHidden)
    assert project.read(str(tmp_path / "saved.qgz"))
    qtbot.waitUntil(lambda: "2 × roof" in answer_text(widget) and not widget.isHidden(), timeout=10_000)


def test_the_table_can_be_copied(add_run, widget):
    add_run()
    widget.findChild(QPushButton, "copyShares").click()
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Phrase", "roof", "swimming pool"]
