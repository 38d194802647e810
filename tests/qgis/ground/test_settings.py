"""What the page offers for a model: its own defaults, models that outline, a folder for results; and what is kept."""

from itertools import pairwise

import pytest
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QLabel
from toposcope.backend.protocol.capabilities import Capabilities, Device, ModelInfo, Parameter, Task
from toposcope.plugin.ground.controller import Backend, GroundController
from toposcope.plugin.gui.accessible import controls
from toposcope.plugin.gui.ground_page import GroundPage
from toposcope.plugin.settings import GROUND, GROUND_MODEL, LICENCES, PHRASES, RESULTS_FOLDER

THRESHOLD = Parameter("threshold", "number", 0.5, "Threshold", minimum=0, maximum=1)
ANSWER = Parameter("answer", "choice", "auto", "Answer", choices=("auto", "instances"))
OWN = Parameter("threshold", "number", 0.25, "Threshold", minimum=0, maximum=1)


def model(name, task, installed=True, **more):
    return ModelInfo(name, name, (task,), "MIT", "core", installed, False, 0, "fast", **more)


CAPABILITIES = Capabilities(
    1, "1", ("core",), Device("cpu", "x86"), (Task("ground", "Ground", "dense", (ANSWER, THRESHOLD)),),
    (
        model("dense", "ground"),
        model("boxes", "ground", parameters=(OWN,)),
        model("sam", "segment"),
        model("away", "segment", installed=False),
        model("barred", "segment", unavailable="The Full tier is not installed."),
    ),
    1, 1, 1,
)  # fmt: skip


@pytest.fixture
def page(plugin, monkeypatch):
    for setting in (GROUND, GROUND_MODEL, LICENCES):
        plugin.ground._settings.set(setting, setting.default)
    monkeypatch.setattr(plugin.connection, "capabilities", CAPABILITIES)
    plugin.connection.changed.emit()
    yield plugin.ground_page
    plugin.ground._settings.set(GROUND, {})


def threshold(page):
    return page.findChild(QDoubleSpinBox, "threshold")


def test_the_form_takes_the_chosen_models_defaults(page):
    page.model.pick("dense")
    assert threshold(page).value() == 0.5
    page.model.pick("boxes")
    assert threshold(page).value() == 0.25
    assert len(page.findChildren(QDoubleSpinBox, "threshold")) == 1
    page.model.pick("dense")
    assert threshold(page).value() == 0.5


def test_a_value_that_was_set_is_kept_for_its_model(page):
    page.model.pick("boxes")
    threshold(page).setValue(0.5)
    page.model.pick("dense")
    assert threshold(page).value() == 0.5
    threshold(page).setValue(0.4)
    page.model.pick("boxes")
    assert threshold(page).value() == 0.5
    threshold(page).setValue(0.25)
    page.model.pick("dense")
    assert threshold(page).value() == 0.4


def test_setting_one_thing_does_not_pin_the_others(page, plugin):
    page.model.pick("dense")
    page.findChild(QComboBox, "answer").setCurrentIndex(1)
    assert plugin.ground._settings.get(GROUND) == {"dense": {"answer": "instances"}}
    page.model.pick("boxes")
    assert page.values() == {"answer": "auto", "threshold": 0.25, "segmenter": ""}


def test_models_that_can_outline_here_are_offered_after_the_best(page, plugin):
    combo = page.findChild(QComboBox, "segmenter")
    assert [combo.itemData(index) for index in range(combo.count())] == ["", "sam"]
    combo.setCurrentIndex(1)
    assert page.values()["segmenter"] == "sam"
    assert plugin.ground._settings.get(GROUND)[page.model.model_id()] == {"segmenter": "sam"}
    plugin.ground.show_backend()
    assert combo.currentData() == "sam"


def test_what_was_searched_for_and_where_results_go_outlive_the_session(plugin, qgis_iface, tmp_path):
    plugin.ground._settings.set(PHRASES, ["roof; pool", "lake"])
    plugin.ground._settings.set(RESULTS_FOLDER, str(tmp_path))
    again = GroundPage()
    backend = Backend(plugin.connection, plugin.jobs, plugin.catalog)
    GroundController(qgis_iface.mapCanvas(), again, backend, plugin.ground._settings, tmp_path, plugin)
    combo = again.findChild(QComboBox, "phrases")
    assert [combo.itemText(index) for index in range(combo.count())] == ["roof; pool", "lake"]
    assert again.folder() == str(tmp_path)
    for setting in (PHRASES, RESULTS_FOLDER):
        plugin.ground._settings.set(setting, setting.default)


@pytest.fixture
def open_page(qgis_app, qtbot):
    """A page with everything on it, unfolded."""
    made = GroundPage()
    qtbot.addWidget(made)
    made.set_parameters(CAPABILITIES.tasks[0].parameters, {})
    for group in made.findChildren(QgsCollapsibleGroupBox):
        group.setCollapsed(False)
    made.results.set_runs([("a", "roof in image")], "a")
    made.resize(400, 2000)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_tab_key_goes_down_the_page(open_page):
    at, rows = open_page.nextInFocusChain(), []
    while at is not open_page:
        if at in controls(open_page) and at.isVisibleTo(open_page):
            rows.append((at.mapTo(open_page, at.rect().topLeft()).y(), at.objectName()))
        at = at.nextInFocusChain()
    assert len(rows) > 20, rows
    jumps = [(above, below) for above, below in pairwise(rows) if below[0] < above[0] - 10]
    assert jumps == []


def test_every_control_says_what_it_is(open_page):
    labelled = [label.buddy() for label in open_page.findChildren(QLabel) if label.buddy() is not None]

    def said(control):
        text = control.text() if isinstance(control, QAbstractButton) else ""
        return control.accessibleName() or text or control in labelled or said_by_group(control)

    def said_by_group(control):
        return isinstance(control, QgsCollapsibleGroupBox) or isinstance(control.parent(), QgsCollapsibleGroupBox)

    inner = ("qt_spinbox_lineedit",)
    silent = [one for one in controls(open_page) if one.objectName() not in inner and not said(one)]
    assert [(type(one).__name__, one.objectName(), type(one.parent()).__name__) for one in silent] == []
