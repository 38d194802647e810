"""The parameters of `toposcope:ground` and `toposcope:classmap`. Names and values are stable: scripts hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBand,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from .text import tr

INPUT, PHRASES, EXTENT, MODEL = "INPUT", "PHRASES", "EXTENT", "MODEL"
GRANULARITY, BACKGROUND, THRESHOLD = "GRANULARITY", "BACKGROUND", "THRESHOLD"
OUTLINE, MIN_AREA, BANDS, DEVICE = "OUTLINE", "MIN_AREA", "BANDS", "DEVICE"
OUTPUT, SCORES, TABLE, COUNT = "OUTPUT", "SCORES", "TABLE", "COUNT"
GRANULARITIES = ("auto", "image", "region", "pixel")
BACKGROUNDS = ("auto", "none")
OUTLINES = ("smooth", "exact", "orthogonal", "rectangle", "circle")
DEVICES = ("auto", "cpu", "cuda")


def shared_parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return what both algorithms begin with; `models` are the ids to offer, others may be typed."""
    model = QgsProcessingParameterString(MODEL, tr("Model"), DEFAULT_MODEL["ground"])
    model.setMetadata({"widget_wrapper": {"value_hints": list(models)}})
    number = QgsProcessingParameterNumber.Type.Double
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterString(PHRASES, tr("Phrases, with semicolons between them"), None),
        QgsProcessingParameterExtent(EXTENT, tr("Area (none: the whole image)"), None, True),
        model,
        choice(GRANULARITY, tr("Look at"), GRANULARITIES),
        QgsProcessingParameterNumber(THRESHOLD, tr("Score from which something counts"), number, 0.5, False, 0, 1),
    ]


def outline_parameters() -> List[QgsProcessingParameterDefinition]:
    """Return what shapes objects."""
    number = QgsProcessingParameterNumber.Type.Double
    return [
        choice(OUTLINE, tr("Outline"), OUTLINES),
        QgsProcessingParameterNumber(MIN_AREA, tr("Smallest part or hole (m²)"), number, 0.0, False, 0, 1e12),
    ]


def rare_parameters() -> List[QgsProcessingParameterDefinition]:
    """Return what is folded away."""
    bands = QgsProcessingParameterBand(
        BANDS, tr("Bands to read (one or three; none: as the layer is shown)"), None, INPUT, True, True
    )
    rare = [bands, choice(DEVICE, tr("Device"), DEVICES)]
    for parameter in rare:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return rare


def choice(name: str, label: str, options: Sequence[str]) -> QgsProcessingParameterEnum:
    """Return a parameter whose values are the options themselves."""
    return QgsProcessingParameterEnum(name, label, list(options), False, options[0], False, True)


def job_values(
    algorithm: QgsProcessingAlgorithm, values: Dict[str, Any], context: QgsProcessingContext
) -> Dict[str, Any]:
    """Return the parameters of the job that both algorithms share, without phrases and area."""
    return {
        "granularity": algorithm.parameterAsString(values, GRANULARITY, context),
        "threshold": algorithm.parameterAsDouble(values, THRESHOLD, context),
    }
