"""The parameters of `toposcope:segment`. Names and values are stable: models and scripts of users hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ..gis.compat import SOURCE_POINT, SOURCE_POLYGON
from .text import tr

INPUT, PROMPTS, GROUP, LABEL = "INPUT", "PROMPTS", "GROUP_FIELD", "LABEL_FIELD"
MODEL, OUTLINE, MIN_AREA, SIMPLIFY = "MODEL", "OUTLINE", "MIN_AREA", "SIMPLIFY"
FILL_HOLES, LARGEST_ONLY, DEVICE, OUTPUT = "FILL_HOLES", "LARGEST_ONLY", "DEVICE", "OUTPUT"
BANDS = "BANDS"
OUTLINES = ("smooth", "exact", "orthogonal", "rectangle", "circle")
DEVICES = ("auto", "cpu", "cuda")


def parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return all parameters and the output; `models` are the ids to offer, others may be typed."""
    number = QgsProcessingParameterNumber.Type.Double
    model = QgsProcessingParameterString(MODEL, tr("Model"), DEFAULT_MODEL["segment"])
    model.setMetadata({"widget_wrapper": {"value_hints": list(models)}})
    device = _choice(DEVICE, tr("Device"), DEVICES)
    simplify = QgsProcessingParameterNumber(
        SIMPLIFY, tr("Simplify a smooth outline (pixels)"), number, 0.5, False, 0, 20
    )
    bands = QgsProcessingParameterBand(
        BANDS, tr("Bands to read (one or three; none: as the layer is shown)"), None, INPUT, True, True
    )
    for rare in (bands, device, simplify):
        rare.setFlags(rare.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
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
        model,
        _choice(OUTLINE, tr("Outline"), OUTLINES),
        QgsProcessingParameterNumber(MIN_AREA, tr("Smallest part or hole (m²)"), number, 0.0, False, 0, 1e12),
        QgsProcessingParameterBoolean(FILL_HOLES, tr("Fill holes"), False),
        QgsProcessingParameterBoolean(LARGEST_ONLY, tr("Keep the largest part only"), False),
        simplify,
        bands,
        device,
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


def _choice(name: str, label: str, options: Sequence[str]) -> QgsProcessingParameterEnum:
    return QgsProcessingParameterEnum(name, label, list(options), False, options[0], False, True)
