"""The page's widgets without a backend: nothing is cut off, names for screen readers, the table of classes."""

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QAbstractButton, QTabWidget, QVBoxLayout, QWidget
from toposcope.backend.protocol.capabilities import Parameter
from toposcope.plugin.gis.overlay_image import STEPS, class_table, heat_table, picture
from toposcope.plugin.gui.accessible import controls
from toposcope.plugin.gui.class_table import ClassRow, ClassTable
from toposcope.plugin.gui.embeddings_ask import MODES, EmbeddingsAsk
from toposcope.plugin.gui.embeddings_page import EmbeddingsPage

NAMELESS = ("QTabBar", "QHeaderView", "QScrollBar", "QgsCollapsibleGroupBox", "QgsFilterLineEdit")


@pytest.fixture
def ask(qgis_app, qtbot):
    """The third part at the width it has in a panel of 320 pixels."""
    whole = QWidget()
    made = EmbeddingsAsk()
    column = QVBoxLayout(whole)
    column.addWidget(made)
    column.addStretch(1)
    whole.resize(290, 800)
    qtbot.addWidget(whole)
    whole.show()
    yield made
    whole.hide()


@pytest.mark.parametrize("mode", MODES)
def test_tabs_are_as_high_as_what_is_open(ask, qtbot, mode):
    ask.set_mode(mode)
    qtbot.wait(50)
    tabs = ask.findChild(QTabWidget, "askModes")
    page = tabs.currentWidget()
    wrapped = page.layout().totalHeightForWidth(page.width())
    needed = wrapped if wrapped > 0 else page.sizeHint().height()
    assert needed <= page.height() <= needed + 12
    assert tabs.y() < 20


def test_every_control_has_a_name(qgis_app, qtbot):
    page = EmbeddingsPage()
    qtbot.addWidget(page)
    parameter = Parameter("most", "integer", 5, "Most places")
    page.ask.set_ranking([parameter])
    page.clusters.set_parameters([parameter])
    without = [
        f"{type(one).__name__} {one.objectName()}"
        for one in controls(page)
        if one.objectName() != "collapseButton"
        and not one.accessibleName()
        and not (isinstance(one, QAbstractButton) and one.text())
        and type(one).__name__ not in NAMELESS
        and not _labelled(page, one)
    ]
    assert without == [], without


def _labelled(page, control):
    """Return whether a form's label is this control's buddy, or that of what holds it."""
    from qgis.PyQt.QtWidgets import QLabel

    buddies = [label.buddy() for label in page.findChildren(QLabel) if label.buddy() is not None]
    return any(buddy is control or buddy.isAncestorOf(control) for buddy in buddies)


def test_the_table_tells_of_edits_and_keeps_what_is_chosen(qgis_app, qtbot):
    table, heard = ClassTable(), []
    qtbot.addWidget(table)
    rows = [ClassRow("a", "roof", QColor("red")), ClassRow("b", "road", QColor("blue"))]
    table.set_classes(rows, {"a": 3}, "b")
    table.renamed.connect(lambda *what: heard.append(what))
    table.chosen.connect(heard.append)
    assert table.current() == "b"
    assert heard == []
    cells = table.findChild(QWidget, "classes")
    cells.item(0, 0).setText(" house ")
    cells.setCurrentCell(0, 0)
    assert heard == [("a", "house"), "a"]
    assert cells.item(0, 1).text() == "3"
    assert not cells.item(0, 1).flags() & Qt.ItemFlag.ItemIsEditable


def test_what_is_below_the_threshold_or_no_data_is_transparent():
    table = heat_table(100, 0.5)
    assert [table[byte] >> 24 for byte in (0, 99, 255)] == [0, 0, 0]
    assert 0 < table[100] >> 24 < table[STEPS] >> 24 <= 128
    image = picture(bytes([0, 120, 250, 255]), 2, 2, table)
    assert [image.pixelColor(x, y).alpha() > 0 for y in (0, 1) for x in (0, 1)] == [False, True, True, False]


def test_classes_have_their_colours():
    image = picture(bytes([0, 1, 255]), 3, 1, class_table([QColor("red"), QColor("blue")], 1.0))
    assert [image.pixelColor(x, 0) for x in (0, 1)] == [QColor("red"), QColor("blue")]
    assert image.pixelColor(2, 0).alpha() == 0


def test_bytes_that_are_no_picture_are_refused():
    with pytest.raises(ValueError, match="3 bytes"):
        picture(bytes(3), 2, 2, heat_table(0, 1.0))
