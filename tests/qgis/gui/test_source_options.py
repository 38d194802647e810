"""Bands and stretch: as shown unless chosen; only for files the backend reads itself."""

import pytest
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox
from toposcope.backend.protocol.source import Source, Stretch
from toposcope.plugin.gui.source_options import SourceOptions

SHOWN = Source(path="image.tif", bands=(3, 2, 1), stretch=(Stretch(0, 10),) * 3)


@pytest.fixture
def options(layer):
    made = SourceOptions()
    made.set_layer(layer(bands=4))
    return made


def pick(options, name, value):
    combo = options.findChild(QComboBox, name)
    combo.setCurrentIndex(combo.findData(value))


def test_as_shown_changes_nothing(options):
    assert options.apply(SHOWN) is SHOWN


def test_chosen_bands_replace_those_shown_and_stretch_is_the_layers_percentiles(options, qtbot):
    with qtbot.waitSignal(options.changed):
        pick(options, "bandMode", "chosen")
    options._bands[0].setBand(4)
    chosen = options.apply(SHOWN)
    assert chosen.bands == (4, 2, 3)
    assert chosen.stretch == ()


def test_a_range_of_ones_own(options):
    pick(options, "bandMode", "chosen")
    pick(options, "stretch", "range")
    options.findChild(QDoubleSpinBox, "stretchHigh").setValue(3000)
    assert options.apply(SHOWN).stretch == (Stretch(0, 3000),) * 3


def test_another_layer_starts_as_shown(options, layer):
    pick(options, "bandMode", "chosen")
    options.set_layer(layer("other.tif"))
    assert options.apply(SHOWN) is SHOWN


def test_no_layer_offers_nothing(options):
    options.set_layer(None)
    assert not options.findChild(QComboBox, "bandMode").isEnabled()
