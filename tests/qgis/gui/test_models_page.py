"""The Models page: a short state in the list, the whole story below."""

from types import SimpleNamespace

import pytest
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton, QTreeWidget
from toposcope.backend.protocol.capabilities import ModelInfo
from toposcope.plugin.gui.licences import LicenceNotices
from toposcope.plugin.gui.model_actions import ModelActions
from toposcope.plugin.gui.models_page import ModelsPage
from toposcope.plugin.settings import Settings

from tests.memory_store import MemoryStore

REASON = "The Full tier is not installed (torch missing); install the Full tier in Toposcope's installation panel."
MODELS = (
    ModelInfo("here", "Here", ("segment",), "MIT", "core", True, False, 0, "fast"),
    ModelInfo("ships", "Ships", ("segment",), "MIT", "core", True, True, 0, "fast"),
    ModelInfo("away", "Away", ("segment",), "MIT", "core", False, False, 0, "fast"),
    ModelInfo("file", "File", ("embed",), "MIT", "core", False, False, 0, "fast", downloadable=False),
    ModelInfo("doubtful", "Doubtful", ("ground",), "cc (unspecific)", "core", False, False, 0, "fast"),
    ModelInfo("barred", "Barred", ("segment",), "MIT", "full", False, False, 0, "slow", unavailable=REASON),
)
STATES = ["installed", "comes with Toposcope", *["not installed"] * 3, "unavailable"]


@pytest.fixture
def page(qgis_app):
    made = ModelsPage()
    made.set_models(MODELS)
    return made


def test_a_state_is_a_word_or_two_and_its_reason_is_told_beside(page):
    tree = page.findChild(QTreeWidget, "models")
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    assert [item.text(3) for item in items] == STATES
    assert [item.toolTip(3) for item in items] == ["", "", "", "", "", REASON]
    tree.setCurrentItem(items[5])
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
    assert offered == [(False, True), (False, False), (True, True), (False, True), (True, True), (False, True)]


def test_an_unclear_licence_stands_out(page):
    tree = page.findChild(QTreeWidget, "models")
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    assert [not item.icon(2).isNull() for item in items] == [False, False, False, False, True, False]
    tree.setCurrentItem(items[4])
    assert "licence of Doubtful is unclear (cc (unspecific))" in page.findChild(QLabel, "aboutModel").text()


def test_it_is_told_once_a_model(qgis_app):
    models, heard = {model.id: model for model in MODELS}, []
    kept = Settings(MemoryStore())
    for _session in range(2):
        notices = LicenceNotices(models.get, kept)
        notices.notice.connect(heard.append)
        for name in ("here", "doubtful", "doubtful", "gone"):
            notices.tell(name)
    assert len(heard) == 1
    assert "Doubtful" in heard[0]


@pytest.mark.parametrize("agreed", [True, False])
def test_one_is_imported_only_after_a_question(qgis_app, monkeypatch, agreed):
    asked, picked = [], []
    answer = QMessageBox.StandardButton.Yes if agreed else QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda _window, _title, text: (asked.append(text), answer)[1])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments: (picked.append(True), ("", ""))[1])
    catalog = SimpleNamespace(model={model.id: model for model in MODELS}.get)
    actions = ModelActions(catalog, None)
    actions.import_file("doubtful")
    assert "unclear" in asked[0]
    assert picked == [True] * agreed
    actions.import_file("away")
    assert len(asked) == 1
