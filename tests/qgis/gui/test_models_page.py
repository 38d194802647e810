"""The Models page: a short state in the list, the whole story below."""

import pytest
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QTreeWidget
from toposcope.backend.protocol.capabilities import ModelInfo
from toposcope.plugin.gui.models_page import ModelsPage

REASON = "The Full tier is not installed (torch missing); install the Full tier in Toposcope's installation panel."
MODELS = (
    ModelInfo("here", "Here", ("segment",), "MIT", "core", True, False, 0, "fast"),
    ModelInfo("ships", "Ships", ("segment",), "MIT", "core", True, True, 0, "fast"),
    ModelInfo("away", "Away", ("segment",), "MIT", "core", False, False, 0, "fast"),
    ModelInfo("file", "File", ("embed",), "MIT", "core", False, False, 0, "fast", downloadable=False),
    ModelInfo("barred", "Barred", ("segment",), "MIT", "full", False, False, 0, "slow", unavailable=REASON),
)
STATES = ["installed", "comes with Toposcope", "not installed", "not installed", "unavailable"]


@pytest.fixture
def page(qgis_app):
    made = ModelsPage()
    made.set_models(MODELS)
    return made


def test_a_state_is_a_word_or_two_and_its_reason_is_told_beside(page):
    tree = page.findChild(QTreeWidget, "models")
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    assert [item.text(3) for item in items] == STATES
    assert [item.toolTip(3) for item in items] == ["", "", "", "", REASON]
    tree.setCurrentItem(items[4])
    assert page.findChild(QLabel, "aboutModel").text() == REASON
    tree.setCurrentItem(items[0])
    assert page.findChild(QLabel, "aboutModel").text() == ""


def test_what_is_not_on_the_hub_is_imported_only(page):
    tree = page.findChild(QTreeWidget, "models")
    download, take = page.findChildren(QPushButton)[:2]
    offered = []
    for index in range(tree.topLevelItemCount()):
        tree.setCurrentItem(tree.topLevelItem(index))
        offered.append((download.isEnabled(), take.isEnabled()))
    assert offered == [(False, True), (False, False), (True, True), (False, True), (False, True)]
