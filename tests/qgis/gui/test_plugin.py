"""The plugin object: loads closed and silent, unloads without a trace, loads again."""

import gc
import threading

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QMenu, QTabWidget, QToolButton
from toposcope.plugin.map_tools.prompt_tool import PromptTool
from toposcope.plugin.state.connection import State


@pytest.fixture
def plugin(qgis_iface, monkeypatch, tmp_path):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    import toposcope

    loaded = toposcope.classFactory(qgis_iface)
    loaded.initGui()
    yield loaded
    if QgsApplication.processingRegistry().providerById("toposcope"):
        loaded.unload()


def test_nothing_is_started_or_shown_before_somebody_asks(plugin):
    assert plugin.dock.isHidden()
    assert plugin.connection.state is State.STOPPED


def test_asking_without_an_installation_leads_to_the_setup_page(plugin, qtbot):
    plugin.show_action.setChecked(True)
    qtbot.waitUntil(lambda: plugin.connection.state is State.NOT_INSTALLED)
    assert not plugin.dock.isHidden()
    assert plugin.dock.widget().findChild(type(plugin._setup_page)) is plugin._setup_page


def test_the_button_follows_the_panel(plugin):
    plugin.show_action.setChecked(True)
    plugin.dock.close()
    assert not plugin.show_action.isChecked()


def test_unload_leaves_nothing_behind(plugin, qgis_canvas):
    items = len(qgis_canvas.scene().items())
    plugin.segment_page.set_tool_active(True)
    assert isinstance(qgis_canvas.mapTool(), PromptTool)
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("toposcope") is None
    assert not isinstance(qgis_canvas.mapTool(), PromptTool)
    assert len(qgis_canvas.scene().items()) < items


def test_unloading_while_a_plan_is_being_made_is_safe(plugin, qtbot):
    plugin.show_action.setChecked(True)
    qtbot.waitUntil(lambda: plugin.connection.state is State.NOT_INSTALLED)
    plugin.unload()
    gc.collect()
    qtbot.waitUntil(lambda: not any(thread.name == "toposcope" for thread in threading.enumerate()), timeout=30_000)
    QCoreApplication.processEvents()


def test_it_loads_again_after_unloading(plugin, qgis_iface):
    import toposcope

    plugin.unload()
    again = toposcope.classFactory(qgis_iface)
    again.initGui()
    assert QgsApplication.processingRegistry().providerById("toposcope") is not None
    again.unload()


def test_without_a_desktop_only_processing_is_registered(qgis_app):
    import toposcope

    headless = toposcope.classFactory(None)
    headless.initProcessing()
    provider = QgsApplication.processingRegistry().providerById("toposcope")
    ids = {algorithm.id() for algorithm in provider.algorithms()}
    names = [
        "segment",
        "ground",
        "classmap",
        "embed",
        "embedchips",
        "search",
        "fewshot",
        "cluster",
        "compare",
        "locate",
        "generate",
        "changepairs",
        "detectchange",
    ]
    assert ids == {f"toposcope:{name}" for name in names}
    QgsApplication.processingRegistry().removeProvider(provider)


def test_a_narrow_panel_reaches_every_page_by_name(plugin):
    plugin.dock.findChild(QToolButton, "pageList").click()
    menu = plugin.dock.findChild(QMenu, "pages")
    names = [action.text() for action in menu.actions()]
    assert names == ["Segment", "Ground", "Embeddings", "Places", "Generate", "Change", "Models", "Jobs"]
    menu.actions()[3].trigger()
    menu.close()
    assert plugin.dock.findChild(QTabWidget).currentWidget().widget() is plugin.places_page
    menu.aboutToShow.emit()
    assert [action.isChecked() for action in menu.actions()].index(True) == 3
