"""What `toposcope:changepairs` and `toposcope:detectchange` share: the group, an image, an area on it."""

from __future__ import annotations

from typing import Any, Dict, Sequence, Tuple

from qgis.core import (
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QUrl

from ...backend.protocol.source import Source
from ..gis.area_text import area_text
from ..gis.refused import Refused
from ..gis.source import Frame
from .algorithm import HELP
from .embedding import EXTENT, EmbeddingAlgorithm
from .raster import readable
from .text import tr

LARGEST_SEED = 2**31 - 1


class ChangeAlgorithm(EmbeddingAlgorithm):
    """A job about change."""

    def group(self) -> str:
        """Return the group's name."""
        return tr("Change")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "change"

    def helpUrl(self) -> str:
        """Return the address of the longer help that ships with the plugin; a translation names its own file."""
        return QUrl.fromLocalFile(str(HELP / tr("change.html"))).toString()

    def image(
        self, parameters: Dict[str, Any], name: str, context: QgsProcessingContext
    ) -> Tuple[QgsRasterLayer, Source, Frame]:
        """Return the layer of a parameter, what the backend reads of it, and what its coordinates mean. Main thread."""
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        try:
            source, frame = readable(layer, ())
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        return layer, source, frame

    def area(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer, frame: Frame
    ) -> str:
        """Return the area as the job takes it, empty for all of the image."""
        if not parameters.get(EXTENT):
            return ""
        cut = self.parameterAsExtent(parameters, EXTENT, context, layer.crs()).intersect(layer.extent())
        if cut.isEmpty():
            raise QgsProcessingException(tr("The area lies outside the image; choose one on it."))
        return area_text(QgsGeometry.fromRect(cut), frame)


def whole(name: str, label: str, default: int, limits: Sequence[int]) -> QgsProcessingParameterDefinition:
    """Return a parameter for a whole number between two limits."""
    kind = QgsProcessingParameterNumber.Type.Integer
    return QgsProcessingParameterNumber(name, label, kind, default, False, *limits)


def number(name: str, label: str, default: float, limits: Sequence[float]) -> QgsProcessingParameterDefinition:
    """Return a parameter for a number between two limits."""
    kind = QgsProcessingParameterNumber.Type.Double
    return QgsProcessingParameterNumber(name, label, kind, default, False, *limits)
