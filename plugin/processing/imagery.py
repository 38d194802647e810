"""What `toposcope:embed` and `toposcope:embedchips` share: imagery, seen as shown or band by band."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from qgis.core import (
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterBand,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...backend.protocol.source import Source
from ..gis.area_text import area_text
from ..gis.refused import Refused
from .embedding import EXTENT, EmbeddingAlgorithm, folded_away
from .raster import readable
from .text import tr

INPUT, BANDS, BAND_NAMES, GAIN, OFFSET = "INPUT", "BANDS", "BAND_NAMES", "GAIN", "OFFSET"


class ImageryAlgorithm(EmbeddingAlgorithm):
    """Reads imagery into a request."""

    def imagery(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, area: Any
    ) -> Tuple[Source, Dict[str, Any]]:
        """Return the source and the parameters of the job that say what of it is read. Main thread."""
        layer = self.parameterAsRasterLayer(parameters, INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, INPUT))
        try:
            source, self._frame = readable(layer, self.parameterAsInts(parameters, BANDS, context))
            shape = None
            if area:
                cut = self.parameterAsExtent(parameters, EXTENT, context, layer.crs()).intersect(layer.extent())
                if cut.isEmpty():
                    raise QgsProcessingException(tr("The area lies outside the image; choose one on it."))
                shape = QgsGeometry.fromRect(cut)
            values: Dict[str, Any] = {"area": area_text(shape, self._frame)}
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        names = self.parameterAsString(parameters, BAND_NAMES, context).strip()
        scaling = {name.lower(): self.parameterAsDouble(parameters, name, context) for name in (GAIN, OFFSET)}
        return source, {**values, **scaling, **({"bands": names} if names else {})}


def imagery_parameters() -> List[QgsProcessingParameterDefinition]:
    """Return the image and, folded away, which of its bands are read as what."""
    bands = QgsProcessingParameterBand(
        BANDS, tr("Bands to read (one or three; none: as the layer is shown)"), None, INPUT, True, True
    )
    names = QgsProcessingParameterString(
        BAND_NAMES, tr("Names of all bands in order, for models of many bands: B02; B03; …"), None, False, True
    )
    number = QgsProcessingParameterNumber.Type.Double
    gain = QgsProcessingParameterNumber(
        GAIN, tr("Gain that makes 10000 of full reflectance, for models of many bands (0: none)"), number, 0.0, False, 0
    )
    offset = QgsProcessingParameterNumber(
        OFFSET, tr("Offset added after it (-1000 for newer Sentinel-2 products)"), number, 0.0
    )
    return [QgsProcessingParameterRasterLayer(INPUT, tr("Image")), *map(folded_away, (bands, names, gain, offset))]
