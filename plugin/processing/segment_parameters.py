"""The parameters of `toposcope:segment`. Names and values are stable: models and scripts of users hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterLayer,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ..gis.compat import SOURCE_POINT, SOURCE_POLYGON
from .parameters import (
    INPUT,
    OUTLINES,
    OUTPUT,
    bands_parameter,
    choice,
    device_parameter,
    folded_away,
    model_parameter,
    number,
)
from .text import tr

PROMPTS, GROUP, LABEL = "PROMPTS", "GROUP_FIELD", "LABEL_FIELD"
OUTLINE, MIN_AREA, SIMPLIFY = "OUTLINE", "MIN_AREA", "SIMPLIFY"
FILL_HOLES, LARGEST_ONLY = "FILL_HOLES", "LARGEST_ONLY"


def parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return all parameters and the output; `models` are the ids to offer, others may be typed."""
    kinds = [SOURCE_POINT, SOURCE_POLYGON]
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterFeatureSource(PROMPTS, tr("Prompts: points on, or polygons around, objects"), kinds),
        QgsProcessingParameterField(
            GROUP, tr("Field that says which prompts belong to one object"), None, PROMPTS, optional=True
        ),
        QgsProcessingParameterField(
            LABEL, tr("Field with 1 for points on the object, 0 for others"), None, PROMPTS, optional=True
        ),
        model_parameter(models, DEFAULT_MODEL["segment"]),
        choice(OUTLINE, tr("Outline"), OUTLINES),
        number(MIN_AREA, tr("Smallest part or hole (m²)"), 0.0, (0, 1e12)),
        QgsProcessingParameterBoolean(FILL_HOLES, tr("Fill holes"), False),
        QgsProcessingParameterBoolean(LARGEST_ONLY, tr("Keep the largest part only"), False),
        folded_away(number(SIMPLIFY, tr("Simplify a smooth outline (pixels)"), 0.5, (0, 20))),
        folded_away(bands_parameter()),
        device_parameter(),
        QgsProcessingParameterFeatureSink(OUTPUT, tr("Objects"), SOURCE_POLYGON),
    ]


def outline_values(
    algorithm: QgsProcessingAlgorithm, values: Dict[str, Any], context: QgsProcessingContext
) -> Dict[str, Any]:
    """Return the outline parameters as the segment task names them."""
    return {
        "outline": algorithm.parameterAsString(values, OUTLINE, context),
        "min_area": algorithm.parameterAsDouble(values, MIN_AREA, context),
        "simplify": algorithm.parameterAsDouble(values, SIMPLIFY, context),
        "fill_holes": algorithm.parameterAsBool(values, FILL_HOLES, context),
        "largest_only": algorithm.parameterAsBool(values, LARGEST_ONLY, context),
    }


def help_text() -> str:
    """Return the short help."""
    return tr(
        "Outlines the objects that prompts point at.\n\n"
        "Image: a raster file, read with the bands and stretch the layer is shown with. Online layers are not read "
        "here; export the part you need to a GeoTIFF first.\n\n"
        "Prompts: points on the objects, or polygons whose bounding boxes lie around them, in any CRS. Each feature is "
        "an object of its own, unless a group field says which belong together. With a label field, points with 1 "
        "belong to the object and points with 0 do not.\n\n"
        "Model: the id of an installed model, for example {default} (always there) or sam2.1-tiny.\n\n"
        "Outline: smooth, exact (pixel edges), or regular: orthogonal (buildings), rectangle, circle (tanks, silos). A "
        "regular outline that does not fit an object is replaced by the smooth one, which the log says.\n\n"
        "Result: one multipolygon an object, in the image's CRS, with score, area on the ellipsoid, prompt, model and "
        "source. Nothing leaves this computer unless you connected a backend elsewhere."
    ).format(default=DEFAULT_MODEL["segment"])
