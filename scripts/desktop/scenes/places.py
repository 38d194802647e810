"""Places: how like Zurich every place on earth is, seen with nothing but the map of the world that QGIS has."""

import acts
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QLabel
from toposcope.plugin.gui.area_picker import LAYER
from toposcope.plugin.gui.places_page import LIKENESS, MAP

EARTH = QgsRectangle(-180, -60, 180, 84)
ZURICH = QgsPointXY(8.5, 47.4)
OUTLINE = {"style": "no", "outline_color": "#101418", "outline_width": "0.2"}


def play(stage):
    """Click a place, wait for the answer; then a map of vectors."""
    countries(stage)
    yield from acts.open_panel(stage)
    page, places = stage.plugin.places_page, stage.plugin.places
    stage.plugin.dock.show_page(page)
    page.area.pick(LAYER)
    page.ask(LIKENESS)
    places.clicks.picked.emit(ZURICH)
    yield lambda: places._asked is None
    yield from acts.drawn(stage)
    said = page.findChild(QLabel, "placesStatus").text()
    stage.check(said == "Done.", f"the answer is there: {said}")
    stage.shot("1_like_zurich")
    page.ask(MAP)
    places.run()
    yield lambda: places._asked is None
    yield from acts.drawn(stage)
    layer = QgsProject.instance().layerTreeRoot().layerOrder()[0]
    stage.check(layer.bandCount() == 3, "vectors are shown in false colour")
    stage.shot("2_vectors")


def countries(stage):
    """Show the borders above all that comes."""
    path = f"{QgsApplication.pkgDataPath()}/resources/data/world_map.gpkg|layername=countries"
    layer = QgsVectorLayer(path, "Countries (QGIS)", "ogr")
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(OUTLINE)))
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    QgsProject.instance().setCrs(degrees)
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().addLayer(layer)
    stage.canvas.setDestinationCrs(degrees)
    stage.canvas.setExtent(EARTH)
