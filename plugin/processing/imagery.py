"""What `toposcope:embed` and `toposcope:embedchips` share: imagery, seen as shown or band by band."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...backend.protocol.source import Source
from .embedding import EmbeddingAlgorithm
from .parameters import BANDS, INPUT, bands_parameter, folded_away, number
from .text import tr

BAND_NAMES, GAIN, OFFSET = "BAND_NAMES", "GAIN", "OFFSET"


class ImageryAlgorithm(EmbeddingAlgorithm):
    """Reads imagery into a request."""

    def imagery(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Tuple[Source, Dict[str, Any]]:
        """Return the source and the parameters of the job that say what of it is read. Main thread."""
        layer, source, self._frame = self.image(parameters, INPUT, context, BANDS)
        area = self.area(parameters, context, layer, self._frame)
        names = self.parameterAsString(parameters, BAND_NAMES, context).strip()
        scaling = {name.lower(): self.parameterAsDouble(parameters, name, context) for name in (GAIN, OFFSET)}
        return source, {"area": area, **scaling, **({"bands": names} if names else {})}


def imagery_parameters() -> List[QgsProcessingParameterDefinition]:
    """Return the image and, folded away, which of its bands are read as what."""
    names = QgsProcessingParameterString(
        BAND_NAMES, tr("Names of all bands in order, for models of many bands: B02; B03; …"), None, False, True
    )
    gain = tr("Gain that makes 10000 of full reflectance, for models of many bands (0: none)")
    offset = number(OFFSET, tr("Offset added after it (-1000 for newer Sentinel-2 products)"), 0.0, (-1e6, 1e6))
    rare = (bands_parameter(), names, number(GAIN, gain, 0.0, (0, 1e6)), offset)
    return [QgsProcessingParameterRasterLayer(INPUT, tr("Image")), *map(folded_away, rare)]
