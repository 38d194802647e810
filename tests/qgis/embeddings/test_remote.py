"""Embeddings with the backend on another machine: pixels and vectors go there, files and answers come back."""

import pytest
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtWidgets import QLabel, QPushButton

from tests.qgis.embeddings.conftest import show
from tests.qgis.embeddings.scene import roof, write_image
from tests.qgis.embeddings.test_ask import answered, click, shown_at


@pytest.fixture
def there(loaded_remote, shown_canvas, tmp_path):
    show(loaded_remote, shown_canvas, QgsRasterLayer(str(write_image(tmp_path / "image.tif")), "image"))
    return loaded_remote


def computed(there, qtbot):
    """Compute embeddings of the image and wait until they are open."""
    page, embeddings = there.embeddings_page, there.embeddings
    page.findChild(QPushButton, "embed").click()
    qtbot.waitUntil(lambda: embeddings.compute._submission is None, timeout=120_000)
    assert embeddings.opened.path is not None, page.findChild(QLabel, "embedStatus").text()
    qtbot.waitUntil(lambda: embeddings.opened.link.info is not None, timeout=20_000)


def kept(there, qtbot):
    """Wait until a pressed Keep is over and return what is said then."""
    qtbot.waitUntil(lambda: not there.embeddings.tasks.jobs["keep"].running, timeout=60_000)
    return there.embeddings_page.findChild(QLabel, "keepAnswerStatus").text()


def test_computed_asked_and_kept_there_shown_here(there, server, qgis_canvas, tmp_path, qtbot):
    embeddings = there.embeddings
    computed(there, qtbot)
    assert (tmp_path / "here") in embeddings.opened.path.parents
    click(embeddings.asking, roof(0))
    answered(embeddings.asking, qtbot)
    assert shown_at(qgis_canvas, embeddings.asking, roof(0)).alpha() > 100
    assert len(server.uploads()) == 1
    there.embeddings_page.findChild(QPushButton, "keepAnswer").click()
    assert "Places found" in kept(there, qtbot)
    assert len(server.uploads()) == 1
    embeddings.opened.open("")
    qtbot.waitUntil(lambda: server.uploads() == [], timeout=10_000)


def test_closing_embeddings_leaves_a_job_what_it_reads(there, server, qtbot):
    embeddings = there.embeddings
    computed(there, qtbot)
    click(embeddings.asking, roof(0))
    answered(embeddings.asking, qtbot)
    there.embeddings_page.findChild(QPushButton, "keepAnswer").click()
    embeddings.opened.open("")
    assert "Places found" in kept(there, qtbot)
    qtbot.waitUntil(lambda: server.uploads() == [], timeout=10_000)
