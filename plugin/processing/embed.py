"""`toposcope:embed`: a raster to a raster of vectors. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ...backend.protocol.jobs import JobRequest
from .imagery import ImageryAlgorithm, imagery_parameters
from .parameters import (
    DEVICE,
    MODEL,
    OUTPUT,
    area_parameter,
    choice,
    device_parameter,
    folded_away,
    model_parameter,
    whole,
)
from .text import tr

BLOCK, TYPE, PREVIEW = "BLOCK", "TYPE", "PREVIEW"
TYPES = ("int8", "float32")


class EmbedAlgorithm(ImageryAlgorithm):
    """Every block of pixels becomes a vector."""

    def name(self) -> str:
        """Return the stable id."""
        return "embed"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Embed imagery")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("embedding,vector,feature,foundation model,AlphaEarth,DINO,CLIP,false colour,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Turns imagery into embeddings: a vector for every block of pixels, that says what it looks like.\n\n"
            "Image: a raster file of any size. Models of three colours read it as the layer is shown; models of many "
            "bands read it as delivered and find their bands by name or wavelength, or in the order you give.\n\n"
            "Block: the pixels along the side of a block; 0 is the finest the model has.\n\n"
            "Result: a raster with a band for each number of the vector (one byte each, or 32-bit floats), with the "
            "model's name in it; beside it a false-colour picture, a STAC item and a record of the run. A run that is "
            "stopped goes on where it was when it is started again.\n\n"
            "Search it, cluster it or classify it with the other algorithms of this group."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in (
            *imagery_parameters(),
            model_parameter(self._models(), DEFAULT_MODEL["embed"]),
            whole(BLOCK, tr("Block (pixels; 0: the model's own)"), 0, (0, 1024)),
            area_parameter(),
            folded_away(choice(TYPE, tr("Numbers"), TYPES)),
            device_parameter(),
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Embeddings"), None, False, False),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputRasterLayer(PREVIEW, tr("False colour")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        source, values = self.imagery(parameters, context)
        values["kind"] = "dense"
        values["block"] = self.parameterAsInt(parameters, BLOCK, context)
        values["dtype"] = self.parameterAsString(parameters, TYPE, context)
        return self.prepare(
            JobRequest(
                task="embed",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=source,
                parameters=values,
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job into the file wanted; the picture to look at lies beside it."""
        target = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        if not target.lower().endswith((".tif", ".tiff")):
            raise QgsProcessingException(tr("Embeddings are written as GeoTIFF; let the name end in .tif."))
        with self.results(feedback, target) as found:
            if found is None:
                return {}
            return {OUTPUT: target, PREVIEW: beside(target, ".preview.tif")}


def beside(target: str, ending: str) -> str:
    """Return the place of what belongs to a file of embeddings: its name with another ending."""
    return target.rsplit(".", 1)[0] + ending
