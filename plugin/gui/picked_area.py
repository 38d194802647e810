"""The area a person picked, in the coordinates of the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Protocol

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsReferencedGeometry,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication

from ..gis.refused import Refused
from .area_picker import LAYER, NOTHING, OUTLINE, POLYGONS, RECTANGLE, AreaChoice


class Image(Protocol):
    """What of a raster layer is needed."""

    def crs(self) -> QgsCoordinateReferenceSystem:
        """Return what its coordinates mean."""

    def extent(self) -> QgsRectangle:
        """Return where it lies."""

    def name(self) -> str:
        """Return its name."""


@dataclass(frozen=True)
class Area:
    """A geometry in the image's CRS as QGIS shows it; None is the whole image."""

    geometry: Optional[QgsGeometry]

    @property
    def bounds(self) -> Optional[QgsRectangle]:
        """Return the rectangle around it."""
        return None if self.geometry is None else self.geometry.boundingBox()


def area_of(choice: AreaChoice, image: Image, canvas: QgsMapCanvas) -> Area:
    """Return the area of `choice`, cut to the image; without a geometry for all of it, and where nothing is meant.

    Raises:
        Refused: nothing was drawn or selected, or what was lies beside the image; the sentence says which.
    """
    translate = QCoreApplication.translate
    if choice.kind in (LAYER, NOTHING):
        return Area(None)
    if choice.kind == POLYGONS:
        geometry = _selected(choice.layer, image)
    elif choice.kind == RECTANGLE and choice.rectangle is None:
        raise Refused(translate("GroundArea", "Draw the rectangle on the map first."))
    elif choice.kind == OUTLINE:
        geometry = _outlined(choice.outline, image)
    else:
        shown = QgsReferencedRectangle(canvas.extent(), canvas.mapSettings().destinationCrs())
        geometry = _on_image(choice.rectangle or shown, image)
    cut = geometry.intersection(QgsGeometry.fromRect(image.extent()))
    if cut.isEmpty() or not cut.area():
        raise Refused(_beside(choice.kind, image))
    return Area(cut)


def _beside(kind: str, image: Image) -> str:
    translate = QCoreApplication.translate
    texts = {
        RECTANGLE: translate("GroundArea", "The rectangle lies outside “{image}”; draw another one."),
        OUTLINE: translate("GroundArea", "What was drawn lies outside “{image}”; draw around another area."),
        POLYGONS: translate("GroundArea", "The selected polygons lie outside “{image}”; select others."),
    }
    text = texts.get(kind, translate("GroundArea", "The map does not show “{image}”; zoom to it first."))
    return text.format(image=image.name())


def _selected(layer: Optional[QgsVectorLayer], image: Image) -> QgsGeometry:
    parts: List[QgsGeometry] = [] if layer is None else [f.geometry() for f in layer.selectedFeatures()]
    parts = [part for part in parts if not part.isEmpty()]
    if layer is None or not parts:
        raise Refused(QCoreApplication.translate("GroundArea", "Select the polygons on the map first."))
    geometry = QgsGeometry.unaryUnion(parts)
    return _moved(geometry, QgsCoordinateTransform(layer.crs(), image.crs(), QgsProject.instance().transformContext()))


def _outlined(outline: Optional[QgsReferencedGeometry], image: Image) -> QgsGeometry:
    if outline is None:
        raise Refused(QCoreApplication.translate("GroundArea", "Draw around an area on the map first."))
    transform = QgsCoordinateTransform(outline.crs(), image.crs(), QgsProject.instance().transformContext())
    return _moved(QgsGeometry(outline), transform)


def _on_image(rectangle: QgsReferencedRectangle, image: Image) -> QgsGeometry:
    transform = QgsCoordinateTransform(rectangle.crs(), image.crs(), QgsProject.instance().transformContext())
    try:
        return QgsGeometry.fromRect(transform.transformBoundingBox(rectangle))
    except QgsCsException as error:
        raise _unplaceable() from error


def _moved(geometry: QgsGeometry, transform: QgsCoordinateTransform) -> QgsGeometry:
    try:
        geometry.transform(transform)
    except QgsCsException as error:
        raise _unplaceable() from error
    return geometry


def _unplaceable() -> Refused:
    translate = QCoreApplication.translate
    text = translate("GroundArea", "This area has no place in the image's coordinate system; check the CRS of both.")
    return Refused(text)
