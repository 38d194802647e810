"""The Places page with the plugin as QGIS builds it and a real backend process."""

import math

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QLineEdit, QPushButton
from toposcope.plugin.gui.area_picker import CANVAS
from toposcope.plugin.gui.places_page import LIKENESS, MAP, PREDICTION, TABLE
from toposcope.plugin.places.question import fitting_step

from tests.qgis.conftest import look_at

ALPS = QgsRectangle(5, 43, 17, 49)


@pytest.fixture
def page(loaded, qgis_canvas, qgis_new_project, qtbot):
    """The page with the map on the Alps, in degrees."""
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    look_at(qgis_canvas, QgsCoordinateReferenceSystem("EPSG:4326"), ALPS)
    made = loaded.places_page
    made.area.pick(CANVAS)
    made.findChild(QDoubleSpinBox, "placesStep").setValue(0.5)
    made.findChild(QComboBox, "model").setCurrentIndex(made.findChild(QComboBox, "model").findData("harmonics"))
    return made


@pytest.fixture
def compute(loaded, page, qtbot):
    """Return a function that presses the button, waits for the end and returns what is said then."""

    def act():
        page.findChild(QPushButton, "places").click()
        qtbot.waitUntil(lambda: loaded.places._asked is None, timeout=120_000)
        return page.findChild(QLabel, "placesStatus").text()

    return act


def stations(crs="EPSG:4326"):
    """Return a layer of 120 points whose column `warm` falls from south to north."""
    layer = QgsVectorLayer(f"Point?crs={crs}&field=warm:double&field=fid:integer", "stations", "memory")
    for index in range(120):
        x, y = 5 + 12 * ((index * 0.618) % 1), 43 + 6 * index / 120
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature["warm"], feature["fid"] = 30 - 2 * (y - 43), 7
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


def top_layer():
    return QgsProject.instance().layerTreeRoot().layerOrder()[0]


def test_how_like_zurich_every_place_is(page, compute):
    page.ask(LIKENESS)
    page.findChild(QLineEdit, "placesPlace").setText("8.5, 47.4")
    assert compute() == "Done."
    layer = top_layer()
    assert layer.name() == "Like 8.5, 47.4"
    assert layer.extent().contains(ALPS)
    here, far = (layer.dataProvider().sample(QgsPointXY(*at), 1)[0] for at in ((8.6, 47.4), (16.6, 43.4)))
    assert here > 0.99 > far
    assert isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    assert "coordinates alone" in layer.metadata().abstract()


def test_a_click_asks_at_once(page, loaded, qtbot):
    page.ask(LIKENESS)
    page.findChild(QPushButton, "placesPick").click()
    loaded.places.clicks.picked.emit(QgsPointXY(11.25, 45.5))
    assert page.findChild(QLineEdit, "placesPlace").text() == "11.2500, 45.5000"
    qtbot.waitUntil(lambda: QgsProject.instance().mapLayersByName("Like 11.2500, 45.5000") != [], timeout=60_000)


def test_vectors_are_shown_in_false_colour(page, compute):
    page.ask(MAP)
    assert "The results are in" in compute()
    assert top_layer().bandCount() == 3


def test_a_column_is_predicted_with_its_score(page, compute):
    page.ask(PREDICTION)
    page.set_points(stations(), "warm")
    said = compute()
    assert "whole blocks of the map" in said
    assert "longitude and latitude alone" in said
    layer = top_layer()
    south, north = (layer.dataProvider().sample(QgsPointXY(11.2, y), 1)[0] for y in (43.7, 48.2))
    assert south - north == pytest.approx(9, abs=2)
    legend = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert not math.isnan(legend[0].value)
    assert legend[0].value < legend[-1].value


def test_vectors_of_points_go_into_a_table(page, compute, tmp_path):
    page.ask(TABLE)
    page.set_points(stations())
    page.set_folder(str(tmp_path))
    said = compute()
    page.set_folder("")
    table = next(tmp_path.glob("*/*.parquet"))
    assert str(table.parent) in said
    assert table.read_bytes()[:4] == b"PAR1"
    assert QgsProject.instance().layerTreeRoot().findLayers()[0].layer().name() == "stations"


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda page: page.ask(LIKENESS), "longitude, latitude"),
        (lambda page: page.ask(TABLE), "no layer of points"),
        (lambda page: (page.ask(PREDICTION), page.set_points(stations(""))), "has no CRS"),
    ],
)
def test_what_is_missing_is_said(page, compute, prepare, said):
    page.set_place("")
    prepare(page)
    assert said in compute()


def test_a_place_beyond_the_pole_is_refused_in_the_backends_words(page, compute):
    page.ask(LIKENESS)
    page.set_place("47.4, 98.5")
    assert "latitude" in compute()


@pytest.mark.parametrize(("width", "step"), [(360, 0.5), (12, 0.02), (0.3, 0.0005), (40, 0.05)])
def test_the_step_suits_the_area(width, step):
    assert fitting_step(QgsRectangle(0, 0, width, width / 3)) == step


def test_rows_that_are_not_asked_for_take_no_room(page):
    form = page.findChild(QFormLayout)
    fields = page.findChild(QLineEdit, "placesPlace").parent(), page.findChild(QComboBox, "placesPoints")

    def rows(question):
        page.ask(question)
        labels = [form.itemAt(row, QFormLayout.ItemRole.LabelRole) for row in range(form.rowCount())]
        return [label.widget().text() for label in labels]

    assert rows(LIKENESS) == ["Question", "Place", "Area", "Cell", "Model", "Save in"]
    assert rows(PREDICTION) == ["Question", "Points", "Column", "By", "Area", "Cell", "Model", "Save in"]
    assert [field.isHidden() for field in fields] == [True, False]
    assert rows(TABLE) == ["Question", "Points", "Model", "Save in"]
    assert rows(MAP) == ["Question", "Area", "Cell", "Model", "Save in"]
    assert rows(LIKENESS)[1] == "Place"
    assert [field.isHidden() for field in fields] == [False, True]
