"""The parameters of `toposcope:ground` and `toposcope:classmap`. Names and values are stable: scripts hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ..gis.compat import SOURCE_POLYGON
from .text import tr

INPUT, PHRASES, EXAMPLE, EXTENT, MODEL = "INPUT", "PHRASES", "EXAMPLE", "EXTENT", "MODEL"
GRANULARITY, BACKGROUND, THRESHOLD, COVERAGE = "GRANULARITY", "BACKGROUND", "THRESHOLD", "COVERAGE"
UPSAMPLE, REMOVE_BIAS, FINEST, DECODER = "UPSAMPLE", "REMOVE_BIAS", "FINEST", "DECODER"
REFINE, SEGMENTER = "REFINE", "SEGMENTER"
OUTLINE, MIN_AREA, BANDS, DEVICE = "OUTLINE", "MIN_AREA", "BANDS", "DEVICE"
OUTPUT, SCORES, TABLE, COUNT = "OUTPUT", "SCORES", "TABLE", "COUNT"
GRANULARITIES = ("auto", "image", "region", "pixel")
COVERAGES = ("full", "relevant")
BACKGROUNDS = ("auto", "none")
DECODERS = ("auto", "text", "pixel")
SWITCH = ("auto", "on", "off")
"""A switch whose `auto` is what the model does best with."""
OUTLINES = ("smooth", "exact", "orthogonal", "rectangle", "circle")
DEVICES = ("auto", "cpu", "cuda")


def shared_parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return what both algorithms begin with; `models` are the ids to offer, others may be typed."""
    model = QgsProcessingParameterString(MODEL, tr("Model"), DEFAULT_MODEL["ground"])
    model.setMetadata({"widget_wrapper": {"value_hints": list(models)}})
    number = QgsProcessingParameterNumber.Type.Double
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterString(PHRASES, tr("Phrases, with semicolons between them"), None, False, True),
        QgsProcessingParameterFeatureSource(
            EXAMPLE, tr("Polygon around a thing to look for, beside phrases or instead"), [SOURCE_POLYGON], None, True
        ),
        QgsProcessingParameterExtent(EXTENT, tr("Area (none: the whole image)"), None, True),
        model,
        choice(GRANULARITY, tr("Look at"), GRANULARITIES),
        QgsProcessingParameterNumber(
            THRESHOLD, tr("Score from which something counts (not set: as suits the model)"), number, None, True, 0, 1
        ),
    ]


def outline_parameters(outliners: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return what shapes objects; `outliners` are the ids of models to offer for it."""
    number = QgsProcessingParameterNumber.Type.Double
    outliner = QgsProcessingParameterString(
        SEGMENTER, tr("Model that outlines (none: the best installed)"), None, False, True
    )
    outliner.setMetadata({"widget_wrapper": {"value_hints": ["", *outliners]}})
    refine = QgsProcessingParameterBoolean(REFINE, tr("Draw things anew with the model that outlines"), False)
    return [
        choice(OUTLINE, tr("Outline"), OUTLINES),
        QgsProcessingParameterNumber(MIN_AREA, tr("Smallest part or hole (m²)"), number, 0.0, False, 0, 1e12),
        *_folded_away(refine, outliner),
    ]


def rare_parameters() -> List[QgsProcessingParameterDefinition]:
    """Return what both algorithms fold away."""
    bands = QgsProcessingParameterBand(
        BANDS, tr("Bands to read (one or three; none: as the layer is shown)"), None, INPUT, True, True
    )
    return _folded_away(
        choice(COVERAGE, tr("Read closely"), COVERAGES),
        choice(DECODER, tr("Decoder"), DECODERS),
        choice(UPSAMPLE, tr("Sharpen along edges"), SWITCH),
        choice(REMOVE_BIAS, tr("Take out what all places share"), SWITCH),
        choice(FINEST, tr("As finely as published"), SWITCH),
        bands,
        choice(DEVICE, tr("Device"), DEVICES),
    )


def _folded_away(*parameters: QgsProcessingParameterDefinition) -> List[QgsProcessingParameterDefinition]:
    for parameter in parameters:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return list(parameters)


def choice(name: str, label: str, options: Sequence[str]) -> QgsProcessingParameterEnum:
    """Return a parameter whose values are the options themselves."""
    return QgsProcessingParameterEnum(name, label, list(options), False, options[0], False, True)


def job_values(
    algorithm: QgsProcessingAlgorithm, values: Dict[str, Any], context: QgsProcessingContext
) -> Dict[str, Any]:
    """Return the parameters of the job that both algorithms share, without phrases and area.

    What is left to the model is not sent.
    """
    found: Dict[str, Any] = {
        name.lower(): algorithm.parameterAsString(values, name, context) for name in (GRANULARITY, COVERAGE, DECODER)
    }
    if values.get(THRESHOLD) is not None:
        found["threshold"] = algorithm.parameterAsDouble(values, THRESHOLD, context)
    for name in (UPSAMPLE, REMOVE_BIAS, FINEST):
        chosen = algorithm.parameterAsString(values, name, context)
        if chosen != SWITCH[0]:
            found[name.lower()] = chosen == SWITCH[1]
    return found
