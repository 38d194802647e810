"""The plugin with a real backend that stays up, and on it the embeddings of a small image, computed once."""

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox
from toposcope.plugin.gis.embedding_layers import add_embeddings
from toposcope.plugin.state.examples import ExampleList

from tests.qgis.conftest import look_at
from tests.qgis.embeddings.scene import write_image


@pytest.fixture
def plugin(loaded, shown_canvas, qgis_new_project, tmp_path, qtbot):
    """The plugin on a fresh project with an image, the map on all of it, nothing open or shown."""
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    image = QgsRasterLayer(str(write_image(tmp_path / "image.tif")), "image")
    show(loaded, shown_canvas, image)
    asking = loaded.embeddings.asking
    for mode in asking.showing.examples:
        asking.showing.examples[mode] = ExampleList()
    asking.showing.saved = asking.showing.saved_name = ""
    asking.asked_phrase = ""
    loaded.embeddings.opened.open("")
    loaded.embeddings_page.compute.set_folder("")
    loaded.embeddings_page.ask.set_mode("similar")
    loaded.embeddings_page.ask.overlay.set_shown(True)
    yield loaded
    loaded.embeddings.opened.open("")


def show(plugin, canvas, image):
    QgsProject.instance().addMapLayer(image)
    look_at(canvas, image.crs(), image.extent())
    plugin.embeddings_page.compute.source.setLayer(image)
    return image


@pytest.fixture
def compute(plugin, qtbot):
    """Return a function that computes embeddings of the picked image and returns their file, open by then."""

    def act():
        page, opened = plugin.embeddings_page, plugin.embeddings.opened
        page.compute.findChild(QPushButton, "embed").click()
        qtbot.waitUntil(lambda: plugin.embeddings.compute._submission is None, timeout=120_000)
        assert opened.path is not None, page.compute.findChild(QLabel, "embedStatus").text()
        qtbot.waitUntil(lambda: opened.link.info is not None, timeout=20_000)
        return opened.path

    return act


@pytest.fixture
def compute_chips(plugin, compute):
    """Return a function like `compute` for one vector a chip of 32 pixels."""
    form = plugin.embeddings_page.compute
    kind, size = form.findChild(QComboBox, "kind"), form.findChild(QSpinBox, "size")

    def act():
        kind.setCurrentIndex(kind.findData("chips"))
        size.setValue(32)
        try:
            return compute()
        finally:
            kind.setCurrentIndex(kind.findData("dense"))
            size.setValue(128)

    return act


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """What `embedded` computes once for a file of tests."""
    return {"folder": tmp_path_factory.mktemp("vectors")}


@pytest.fixture
def embedded(plugin, compute, kept, qtbot):
    """The plugin with the image's embeddings open."""
    if "path" not in kept:
        plugin.embeddings_page.compute.set_folder(str(kept["folder"]))
        try:
            kept["path"] = compute()
        finally:
            plugin.embeddings_page.compute.set_folder("")
    else:
        add_embeddings(kept["path"], "Embeddings – image")
        plugin.embeddings.opened.open(str(kept["path"]))
        qtbot.waitUntil(lambda: plugin.embeddings.opened.link.info is not None, timeout=20_000)
    return plugin
