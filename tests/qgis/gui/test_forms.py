"""Forms come from parameter specs; pickers show what a model is."""

import pytest
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QPushButton, QSpinBox
from toposcope.backend.protocol.capabilities import Device, ModelInfo, Parameter
from toposcope.plugin.gui.model_picker import ModelPicker
from toposcope.plugin.gui.parameter_form import ParameterForm
from toposcope.plugin.gui.setup_page import SetupPage

PARAMETERS = (
    Parameter("outline", "choice", "smooth", "Outline", choices=("exact", "smooth")),
    Parameter("min_area", "number", 2.5, "Smallest part", minimum=0, maximum=100, unit="m²"),
    Parameter("rounds", "integer", 3, "Rounds", minimum=1, maximum=9),
    Parameter("fill_holes", "boolean", False, "Fill holes"),
)
CPU = Device("cpu", "x86_64")


@pytest.fixture
def form(qgis_app):
    made = ParameterForm()
    made.set_parameters(PARAMETERS, {"rounds": 5})
    return made


def test_each_kind_has_its_editor_and_its_limits(form):
    assert [type(form.findChild(kind)) for kind in (QComboBox, QCheckBox)] == [QComboBox, QCheckBox]
    assert form.findChild(QDoubleSpinBox, "min_area").maximum() == 100
    assert form.findChild(QSpinBox, "rounds").minimum() == 1


def test_values_are_defaults_or_what_was_remembered(form):
    assert form.values() == {"outline": "smooth", "min_area": 2.5, "rounds": 5, "fill_holes": False}


def test_what_is_not_the_default_is_told_apart(form):
    assert form.changes() == {"rounds": 5}
    form.set_parameters([Parameter("least", "number", 0.125, "Score")], {})
    assert form.changes() == {}
    form.findChild(QDoubleSpinBox, "least").setValue(0.3)
    assert form.changes() == {"least": 0.3}


def test_a_remembered_choice_that_is_gone_is_the_default(qgis_app):
    made = ParameterForm()
    made.set_parameters(PARAMETERS, {"outline": "hexagon"})
    assert made.values()["outline"] == "smooth"


def test_an_edit_is_told(form, qtbot):
    with qtbot.waitSignal(form.changed):
        form.findChild(QCheckBox, "fill_holes").click()
    assert form.values()["fill_holes"] is True


def test_a_new_set_of_parameters_replaces_the_old(form):
    form.set_parameters(PARAMETERS[:1], {})
    assert form.values() == {"outline": "smooth"}


def model(**changes):
    facts = {"id": "a", "title": "A", "tasks": ("segment",), "licence": "MIT", "tier": "core", "installed": True}
    return ModelInfo(**{**facts, "ships": False, "size": 39_000_000, "speed": "fast", **changes})


@pytest.mark.parametrize(("installed", "shown"), [(True, False), (False, True)])
def test_download_is_offered_only_for_what_is_missing(qgis_app, installed, shown):
    picker = ModelPicker()
    picker.set_models((model(installed=installed),), CPU, "a")
    assert all(button.isVisibleTo(picker) is shown for button in picker.findChildren(QPushButton))


def test_what_is_not_on_the_hub_is_only_imported(qgis_app):
    picker = ModelPicker()
    picker.set_models((model(installed=False, downloadable=False),), CPU, "a")
    assert [button.isVisibleTo(picker) for button in picker.findChildren(QPushButton)] == [False, True]


def test_the_picker_says_size_licence_and_speed(qgis_app):
    picker = ModelPicker()
    picker.set_models((model(),), CPU, "a")
    text = picker._about.text()
    assert "39 MB" in text
    assert "MIT" in text
    assert "installed" in text


def test_refreshing_the_models_keeps_the_pick_and_emits_nothing(qgis_app, qtbot):
    picker = ModelPicker()
    models = (model(), model(id="b", title="B"))
    picker.set_models(models, CPU, "b")
    with qtbot.assertNotEmitted(picker.picked):
        picker.set_models(models, CPU, picker.model_id())
    assert picker.model_id() == "b"


def test_install_waits_for_a_plan(qgis_app):
    page = SetupPage()
    page.ask_plan()
    assert not page.findChild(QPushButton, "install").isEnabled()
