"""Phrases with the backend on another machine: pixels go there, files come back into this one's data folder."""

import threading
from pathlib import Path

import pytest
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtWidgets import QPushButton
from toposcope.plugin.gis import ground_layers as layers
from toposcope.plugin.state import job_run

from tests.qgis.ground.test_search import choose, show, status, write_image


@pytest.fixture
def plugin(loaded_remote, qgis_canvas, tmp_path):
    show(loaded_remote, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "image.tif")), "image"))
    return loaded_remote


def test_what_was_found_there_is_shown_from_here(plugin, server, tmp_path, qtbot, monkeypatch):
    page, shelf = plugin.ground_page, plugin.ground.results.shelf
    said, real = [], page.set_status
    monkeypatch.setattr(page, "set_status", lambda text: (said.append(text), real(text)))
    choose(page, answer="classmap", background="none")
    page.phrases.set_text("building; grass")
    page.findChild(QPushButton, "ground").click()
    qtbot.waitUntil(lambda: shelf.run is not None, timeout=120_000)
    classes = layers.part(layers.groups()[0], layers.CLASSES)
    assert (tmp_path / "here") in Path(classes.source()).parents
    assert len(shelf.run.answer.phrases) == 2
    assert any("the map appears at the end" in text for text in said)
    qtbot.waitUntil(lambda: server.uploads() == [], timeout=10_000)


def test_results_on_their_way_into_a_folder_are_not_cancelled(plugin, tmp_path, qtbot, monkeypatch):
    page, shelf, go_on = plugin.ground_page, plugin.ground.results.shelf, threading.Event()
    into, real = tmp_path / "maps", job_run.keep
    into.mkdir()
    monkeypatch.setattr(job_run, "keep", lambda *what: go_on.wait(60) and real(*what))
    page.set_folder(str(into))
    page.phrases.set_text("building; grass")
    cancel = page.findChild(QPushButton, "groundCancel")
    page.findChild(QPushButton, "ground").click()
    assert cancel.isEnabled()
    qtbot.waitUntil(lambda: "Moving" in status(plugin), timeout=120_000)
    assert not cancel.isEnabled()
    plugin.ground._submission.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: shelf.run is not None, timeout=10_000)
    assert shelf.run.folder.parent == into
    assert cancel.isEnabled()
