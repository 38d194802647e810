"""Somebody else's Parquet on the page: where it lies, how many rows it has, what clicks and Keep find in it."""

import subprocess

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtWidgets import QLabel, QPushButton
from toposcope.plugin.gis import embedding_layers as layers

from tests.qgis.backends import ROOT
from tests.qgis.embeddings.test_ask import answered, click, score_at, shown_at

WRITE = """
import sys
from pathlib import Path
import pyarrow
from tests.backend.published import major_tom
major_tom(Path(sys.argv[1]), pyarrow.list_(pyarrow.float32()))
"""
FIRST, LAST = QgsPointXY(13.0025, 52.0025), QgsPointXY(13.1125, 52.2225)
"""Middles of the squares of the first and the last row, in degrees."""


@pytest.fixture
def major_tom(plugin, backend_python, tmp_path, qtbot):
    """A dozen rows as Major TOM lays them out, open."""
    path = tmp_path / "major_tom.parquet"
    subprocess.run([backend_python, "-c", WRITE, str(path)], cwd=ROOT, check=True, capture_output=True)
    plugin.embeddings.opened.open_file(path)
    qtbot.waitUntil(lambda: plugin.embeddings.opened.link.info is not None, timeout=20_000)
    return path


def test_rows_are_counted_and_outlined(plugin, major_tom, tmp_path):
    assert "12 places" in plugin.embeddings_page.findChild(QLabel, "embeddingsAbout").text()
    (outline,) = (node.layer() for node in layers.group_of(major_tom).findLayers())
    where = QgsRectangle(outline.extent())
    assert outline.name() == "12 places"
    assert outline.crs().authid() in ("EPSG:4326", "OGC:CRS84")
    assert where.contains(FIRST)
    assert where.contains(LAST)
    project = QgsProject.instance()
    crs = outline.crs()
    assert project.write(str(tmp_path / "kept.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "kept.qgz"))
    (again,) = (node.layer() for node in layers.group_of(major_tom).findLayers())
    assert again.isValid()
    assert (again.extent(), again.crs()) == (where, crs)


def test_zoomed_to_clicked_and_kept(plugin, major_tom, qgis_canvas, qtbot):
    page, asking = plugin.embeddings_page, plugin.embeddings.asking
    assert "zoom to them" in page.findChild(QLabel, "answerStatus").text()
    page.findChild(QPushButton, "zoomEmbeddings").click()
    first, last = (on_map(place, qgis_canvas) for place in (FIRST, LAST))
    assert qgis_canvas.extent().contains(first)
    assert qgis_canvas.extent().contains(last)
    click(asking, first)
    answered(asking, qtbot)
    assert score_at(asking, FIRST) > score_at(asking, LAST)
    assert shown_at(qgis_canvas, asking, first).alpha() > 100
    page.findChild(QPushButton, "keepAnswer").click()
    qtbot.waitUntil(lambda: not plugin.embeddings.tasks.jobs["keep"].running, timeout=60_000)
    assert "Places found" in page.findChild(QLabel, "keepAnswerStatus").text()


def on_map(place, canvas):
    degrees, shown = QgsCoordinateReferenceSystem("EPSG:4326"), canvas.mapSettings().destinationCrs()
    return QgsCoordinateTransform(degrees, shown, QgsProject.instance()).transform(place)
