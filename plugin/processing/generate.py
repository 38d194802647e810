"""`toposcope:generate`: a region painted finer than its source. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)

from ...backend.protocol.jobs import JobRequest
from ...backend.protocol.source import Source
from ..gis.area_text import area_text
from ..gis.colour_style import write_colour_style
from ..gis.synthetic import mark_synthetic
from . import generate_parameters as names
from .arrival import style_on_arrival
from .embedding import EmbeddingAlgorithm
from .keeping import turn_file
from .parameters import BANDS, DEVICE, EXTENT, INPUT, MODEL, OUTPUT
from .text import tr


class GenerateAlgorithm(EmbeddingAlgorithm):
    """Makes imagery that nobody took."""

    def name(self) -> str:
        """Return the stable id."""
        return "generate"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Generate imagery (synthetic)")

    def group(self) -> str:
        """Return the group's name."""
        return tr("Synthetic imagery")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "synthetic"

    def help_page(self) -> str:
        """Return the file of the longer help; a translation names its own."""
        return tr("generate.html")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("MetaEarth,diffusion,super-resolution,synthetic,tiles,XYZ,MBTiles,Blue Marble,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Paints a region 4, 16 or 64 times finer than its source, at any size and without seams. What is added is "
            "invented by a diffusion model: the result is synthetic, is no observation, and says so in its name and "
            "in the file.\n\n"
            "Image: a raster file, read as the layer is shown. Without one, the Blue Marble picture of the whole earth "
            "that comes with Toposcope; the area says where then.\n\n"
            "Area, mask: a rectangle, or polygons outside which nothing is painted.\n\n"
            "Seed: the same seed gives the same pixels, and a larger area the same pixels where areas overlap.\n\n"
            "Result: a GeoTIFF on the source's grid, each of its pixels covered by exactly 4 x 4, 16 x 16 or 64 x 64; "
            "beside it the levels before the last, a record of the run and, if wanted, map tiles. A run that is "
            "stopped goes on where it was when it is started again."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in names.parameters(self._models()):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        source = self._source(parameters, context)
        values = names.job_values(self, parameters, context)
        values["base"] = "earth" if source is None else "source"
        values["area"] = area_text(self._area(parameters, context), self._frame)
        if source is None and not values["area"]:
            raise QgsProcessingException(tr("Without an image, give an area: it says which part of the earth."))
        return self.prepare(
            JobRequest(
                task="generate",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=source,
                parameters=values,
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job into the file wanted; the levels before the last lie beside it."""
        target = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        if not target.lower().endswith((".tif", ".tiff")):
            raise QgsProcessingException(tr("Imagery is written as GeoTIFF; let the name end in .tif."))
        with self.results(feedback, target) as found:
            if found is None:
                return {}
        if self._frame.pixel:
            for path in (Path(target), *_levels(Path(target))):
                turn_file(path)
        write_colour_style(Path(target))
        style_on_arrival(context, target, mark_arrived)
        return {OUTPUT: target}

    def _source(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Optional[Source]:
        """Return the image, None for the earth; and keep what coordinates mean."""
        if not parameters.get(INPUT):
            self._frame, self._extent = names.earth_frame(), None
            return None
        layer, source, self._frame = self.image(parameters, INPUT, context, BANDS)
        self._extent = QgsGeometry.fromRect(layer.extent())
        return source

    def _area(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Optional[QgsGeometry]:
        """Return rectangle and mask together, in the coordinates of the image as QGIS shows it; None for all of it."""
        parts = []
        if parameters.get(EXTENT):
            extent = self.parameterAsExtent(parameters, EXTENT, context, self._frame.crs)
            parts.append(QgsGeometry.fromRect(extent))
        mask = self.parameterAsSource(parameters, names.MASK, context)
        if mask is not None:
            request = QgsFeatureRequest().setDestinationCrs(self._frame.crs, context.transformContext())
            parts.append(QgsGeometry.unaryUnion([one.geometry() for one in mask.getFeatures(request)]))
        if not parts:
            return None
        area = parts[0] if len(parts) == 1 else parts[0].intersection(parts[1])
        if self._extent is not None:
            area = area.intersection(self._extent)
        if area.isEmpty():
            raise QgsProcessingException(tr("The area lies outside the image; choose one on it."))
        return area


def mark_arrived(layer: QgsMapLayer) -> None:
    """Mark the layer that Processing adds."""
    mark_synthetic(layer)


def _levels(target: Path) -> Sequence[Path]:
    return [path for scale in names.SCALES if (path := target.with_name(f"{target.stem}_x{scale}.tif")).is_file()]
