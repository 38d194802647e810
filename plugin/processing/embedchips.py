"""`toposcope:embedchips`: a raster to a table with a vector a window. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ...backend.protocol.jobs import JobRequest
from .imagery import ImageryAlgorithm, imagery_parameters
from .parameters import DEVICE, MODEL, OUTPUT, area_parameter, device_parameter, model_parameter, whole
from .text import tr

SIZE, STRIDE = "SIZE", "STRIDE"


class EmbedChipsAlgorithm(ImageryAlgorithm):
    """Every window of the image becomes a vector."""

    def name(self) -> str:
        """Return the stable id."""
        return "embedchips"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Embed chips")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("embedding,vector,chip,patch,GeoParquet,Clay,Major TOM,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Cuts imagery into square chips and turns each into one vector.\n\n"
            "Size and stride are in pixels; chips overlap where the stride is smaller than the size. Chips without "
            "data are left out.\n\n"
            "Result: GeoParquet with a row a chip (its outline, its vector), and beside it a STAC item and a record "
            "of the run. Search and cluster it with the other algorithms of this group."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and output."""
        for parameter in (
            *imagery_parameters(),
            model_parameter(self._models(), DEFAULT_MODEL["embed"]),
            whole(SIZE, tr("Side of a chip (pixels)"), 128, (8, 4096)),
            whole(STRIDE, tr("From chip to chip (pixels; not set: the side)"), None, (1, 4096)),
            area_parameter(),
            device_parameter(),
            QgsProcessingParameterFileDestination(OUTPUT, tr("Vectors of chips"), "GeoParquet (*.parquet)"),
        ):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        source, values = self.imagery(parameters, context)
        size = self.parameterAsInt(parameters, SIZE, context)
        given = parameters.get(STRIDE) is not None
        stride = self.parameterAsInt(parameters, STRIDE, context) if given else size
        return self.prepare(
            JobRequest(
                task="embed",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=source,
                parameters={**values, "kind": "chips", "size": size, "stride": stride},
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job into the file wanted."""
        target = self.parameterAsFileOutput(parameters, OUTPUT, context)
        if not target.lower().endswith(".parquet"):
            raise QgsProcessingException(tr("Vectors of chips are written as Parquet; let the name end in .parquet."))
        with self.results(feedback, target) as found:
            return {} if found is None else {OUTPUT: target}
