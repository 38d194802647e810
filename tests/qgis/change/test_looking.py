"""Results looked at: dates by turns, beside a line, and again when the project is opened."""

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QComboBox, QToolButton
from toposcope.plugin.change.looking import LookController
from toposcope.plugin.gis.change_groups import dates_of
from toposcope.plugin.gis.change_layers import add_pairs, read_pairs
from toposcope.plugin.gui.change_results import ChangeResults

from tests.qgis.change.scene import HOUSES, write_classes, write_picture


@pytest.fixture
def folder(tmp_path):
    """What a job leaves of a sequence of three times."""
    made = tmp_path / "made"
    made.mkdir()
    write_picture(made / "before.tif")
    for number in (1, 2):
        write_picture(made / f"after_{number}.tif", HOUSES[number:])
        write_classes(made / f"labels_after_{number}.tif")
        write_classes(made / f"change_{number}.tif")
    write_classes(made / "labels_before.tif")
    return made


@pytest.fixture
def widget(qtbot):
    made = ChangeResults()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def looking(qgis_canvas, qgis_new_project, widget, folder):
    made = LookController(qgis_canvas, widget, widget)
    group = added(folder)
    qgis_canvas.setLayers(dates_of(group))
    made.look_at(group)
    yield made
    made.close()


def added(folder):
    """Add the sequence to the project, all steps at once, and return its group."""
    pairs, count = read_pairs(folder, False)
    assert count == 1
    steps = add_pairs(pairs, "Pairs", ["told"])
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def press(widget, name):
    widget.findChild(QToolButton, name).click()


def ticked():
    nodes = QgsProject.instance().layerTreeRoot().findLayers()
    return [node.name() for node in nodes if node.itemVisibilityChecked() and "Change" not in node.name()]


def test_dates_are_seen_by_turns(looking, widget):
    assert not widget.isHidden()
    press(widget, "showBefore")
    assert ticked() == ["Before"]
    press(widget, "showAfter")
    assert ticked() == ["SYNTHETIC – After, time 1"]
    dates = widget.findChild(QComboBox, "changeDate")
    dates.setCurrentIndex(dates.findData(2))
    assert ticked() == ["SYNTHETIC – After, time 2"]


def test_the_line_has_a_date_on_each_side_and_no_mask(looking, widget):
    press(widget, "showSwipe")
    assert looking.swipe.active
    assert ticked() == ["SYNTHETIC – After, time 1", "Before"]
    near, far = looking.swipe._sides
    before, first, _second = dates_of(looking.group)
    names = [QgsProject.instance().mapLayer(layer_id).name() for layer_id in near.without]
    assert first.id() in near.without
    assert before.id() in far.without
    assert before.id() not in near.without
    assert "Change mask" in names
    assert (near.caption, far.caption) == ("Before", "SYNTHETIC – After, time 1")
    looking.swipe.end()
    assert widget.findChild(QToolButton, "showAfter").isChecked()
    assert ticked() == ["SYNTHETIC – After, time 1"]


def test_the_line_lies_when_it_is_told_to(looking, widget):
    press(widget, "showSwipe")
    lying = widget.findChild(QToolButton, "swipeLying")
    assert not lying.isHidden()
    lying.click()
    assert not looking.swipe._upright
    press(widget, "showBefore")
    assert lying.isHidden()
    assert not looking.swipe.active


def test_a_result_that_goes_takes_the_line_with_it(looking, widget, qtbot):
    press(widget, "showSwipe")
    QgsProject.instance().layerTreeRoot().removeAllChildren()
    qtbot.waitUntil(lambda: not looking.swipe.active)
    assert widget.isHidden()


def test_a_project_brings_its_results_back(looking, widget, qtbot, tmp_path):
    path = str(tmp_path / "kept.qgs")
    assert QgsProject.instance().write(path)
    QgsProject.instance().clear()
    qtbot.waitUntil(widget.isHidden)
    assert QgsProject.instance().read(path)
    qtbot.waitUntil(widget.findChild(QToolButton, "showBefore").isEnabled)
    assert len(dates_of(looking.group)) == 3
    press(widget, "showBefore")
    assert ticked() == ["Before"]


def test_masks_lie_above_labels_above_pictures(looking):
    names = [node.name() for node in QgsProject.instance().layerTreeRoot().findLayers()]
    assert names == [
        "Change mask",
        "Change mask",
        "Labels after, time 2",
        "Labels after, time 1",
        "Labels before",
        "SYNTHETIC – After, time 2",
        "SYNTHETIC – After, time 1",
        "Before",
    ]
    assert all(isinstance(layer, QgsRasterLayer) for layer in dates_of(looking.group))
