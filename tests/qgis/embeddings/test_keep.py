"""What lies over the map becomes layers; clusters and change do, too."""

import pytest
from qgis.core import QgsCategorizedSymbolRenderer, QgsPalettedRasterRenderer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton, QSpinBox
from toposcope.plugin.embeddings import controller
from toposcope.plugin.gis import embedding_layers as layers

from tests.qgis.embeddings.conftest import show
from tests.qgis.embeddings.scene import ROOFS, at, roof, write_image
from tests.qgis.embeddings.test_ask import answered, click, two_classes


@pytest.fixture
def asking(embedded):
    return embedded.embeddings.asking


def press(plugin, name, qtbot):
    """Press a button that starts a job and wait for its end; return what is said of it."""
    page, jobs = plugin.embeddings_page, plugin.embeddings.tasks.jobs
    button = page.findChild(QPushButton, name)
    assert button.isEnabled()
    button.click()
    qtbot.waitUntil(lambda: not any(job.running for job in jobs.values()), timeout=120_000)
    return page.findChild(QLabel, f"{name}Status").text()


def layer(plugin, start):
    group = layers.group_of(plugin.embeddings.opened.path)
    return next((n.layer() for n in group.findLayers() if n.layer().name().startswith(start)), None)


def value(raster, place):
    found, ok = raster.dataProvider().sample(place, 1)
    return found if ok else None


def test_classes_are_kept_with_their_names_and_colours(embedded, asking, qtbot):
    _classes, first, second = two_classes(embedded, asking, qtbot)
    asking.showing.book.rename(first.id, "roof")
    asking.showing.book.recolour(first.id, QColor("#0000ff"))
    answered(asking, qtbot, "classes")
    press(embedded, "keepAnswer", qtbot)
    kept = layer(embedded, "Classes")
    assert isinstance(kept.renderer(), QgsPalettedRasterRenderer)
    legend = {entry.label: entry.color.name() for entry in kept.renderer().classes()}
    assert legend == {"roof": "#0000ff", second.name: second.colour.name()}
    assert value(kept, roof(3)) == 0
    assert value(kept, at(230, 120)) == 1
    sure = layer(embedded, "Confidence")
    assert 0.5 < value(sure, roof(3)) <= 1
    assert not embedded.embeddings_page.ask.overlay.shown()


def test_a_saved_classifier_is_kept_as_layers_too(embedded, asking, qtbot, tmp_path, monkeypatch):
    two_classes(embedded, asking, qtbot)
    monkeypatch.setattr(controller, "ask_classifier_to_save", lambda _parent: tmp_path / "c.json")
    monkeypatch.setattr(controller, "ask_classifier", lambda _parent: tmp_path / "c.json")
    embedded.embeddings_page.ask.save_asked.emit()
    asking.showing.shown.clear()
    embedded.embeddings_page.ask.load_asked.emit()
    answered(asking, qtbot, "classes")
    press(embedded, "keepAnswer", qtbot)
    assert value(layer(embedded, "Classes"), roof(3)) == 0


def test_clusters_have_a_legend(embedded, qtbot):
    embedded.embeddings_page.clusters.findChild(QSpinBox, "clusters").setValue(3)
    press(embedded, "cluster", qtbot)
    kept = layer(embedded, "Clusters")
    assert len(kept.renderer().classes()) == 3
    assert value(kept, roof(0)) == value(kept, roof(3)) != value(kept, at(230, 120))


def test_change_lies_where_the_later_date_differs(embedded, qtbot, compute, qgis_canvas, tmp_path):
    before = embedded.embeddings.opened.path
    later = write_image(tmp_path / "later.tif", roofs=ROOFS[:3])
    show(embedded, qgis_canvas, QgsRasterLayer(str(later), "later"))
    after = compute()
    embedded.embeddings.opened.open(str(before))
    qtbot.waitUntil(lambda: embedded.embeddings.opened.link.info is not None, timeout=20_000)
    other = embedded.embeddings_page.compare.findChild(QComboBox, "otherDate")
    other.setCurrentIndex(other.findData(str(after)))
    assert other.currentText() == "Embeddings – later"
    press(embedded, "compare", qtbot)
    change = layer(embedded, "Change until Embeddings – later")
    assert value(change, roof(3)) > 4 * value(change, roof(0))


def test_a_comparison_needs_another_date(embedded, qtbot):
    press(embedded, "compare", qtbot)
    said = embedded._messages._text
    assert "another date" in said


def test_what_is_alike_is_kept_with_ranked_places(embedded, asking, qgis_canvas, qtbot):
    click(asking, roof(0))
    answered(asking, qtbot)
    said = press(embedded, "keepAnswer", qtbot)
    places = layer(embedded, "Places")
    assert places.featureCount() >= len(ROOFS) - 1, said
    assert layer(embedded, "Like the examples (1)") is not None
    ranked = embedded.embeddings_page.findChild(QListWidget, "rankedPlaces")
    assert ranked.count() == places.featureCount()
    before = qgis_canvas.extent().width()
    ranked.itemClicked.emit(ranked.item(0))
    assert qgis_canvas.extent().width() < before
    QgsProject.instance().removeMapLayer(places.id())
    ranked.itemClicked.emit(ranked.item(0))
    assert "not in the project" in embedded._messages._text


def test_nothing_is_kept_where_nothing_was_asked(embedded, qtbot):
    press(embedded, "keepAnswer", qtbot)
    assert "first" in embedded._messages._text


def test_chips_are_seen_through_what_is_made_of_them(plugin, compute_chips, qtbot):
    page, asking = plugin.embeddings_page, plugin.embeddings.asking
    compute_chips()
    page.clusters.findChild(QSpinBox, "clusters").setValue(2)
    press(plugin, "cluster", qtbot)
    clusters = layer(plugin, "Clusters")
    assert clusters.featureCount() == (256 // 32) ** 2
    assert isinstance(clusters.renderer(), QgsCategorizedSymbolRenderer)
    assert len(clusters.renderer().categories()) == 2
    two_classes(plugin, asking, qtbot)
    press(plugin, "keepAnswer", qtbot)
    classes = layer(plugin, "Classes")
    names = {row.name for row in asking.showing.book.rows[:2]}
    assert {category.label() for category in classes.renderer().categories()} == names
    page.ask.set_mode("similar")
    click(asking, roof(0))
    answered(asking, qtbot)
    press(plugin, "keepAnswer", qtbot)
    assert layer(plugin, "Places").featureCount() > 0
