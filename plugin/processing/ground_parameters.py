"""The parameters of `toposcope:ground` and `toposcope:classmap`. Names and values are stable: scripts hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ..gis.compat import SOURCE_POLYGON
from .parameters import (
    EXTENT,
    INPUT,
    OUTLINES,
    bands_parameter,
    choice,
    device_parameter,
    folded_away,
    model_parameter,
    number,
)
from .text import tr

PHRASES, EXAMPLE = "PHRASES", "EXAMPLE"
GRANULARITY, BACKGROUND, THRESHOLD, COVERAGE = "GRANULARITY", "BACKGROUND", "THRESHOLD", "COVERAGE"
UPSAMPLE, REMOVE_BIAS, FINEST, DECODER = "UPSAMPLE", "REMOVE_BIAS", "FINEST", "DECODER"
REFINE, SEGMENTER = "REFINE", "SEGMENTER"
OUTLINE, MIN_AREA = "OUTLINE", "MIN_AREA"
SCORES, TABLE, COUNT = "SCORES", "TABLE", "COUNT"
GRANULARITIES = ("auto", "image", "region", "pixel")
COVERAGES = ("full", "relevant")
BACKGROUNDS = ("auto", "none")
DECODERS = ("auto", "text", "pixel")
SWITCH = ("auto", "on", "off")
"""A switch whose `auto` is what the model does best with."""


def shared_parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return what both algorithms begin with; `models` are the ids to offer, others may be typed."""
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterString(PHRASES, tr("Phrases, with semicolons between them"), None, False, True),
        QgsProcessingParameterFeatureSource(
            EXAMPLE, tr("Polygon around a thing to look for, beside phrases or instead"), [SOURCE_POLYGON], None, True
        ),
        QgsProcessingParameterExtent(EXTENT, tr("Area (none: the whole image)"), None, True),
        model_parameter(models, DEFAULT_MODEL["ground"]),
        choice(GRANULARITY, tr("Look at"), GRANULARITIES),
        number(THRESHOLD, tr("Score from which something counts (not set: as suits the model)"), None, (0, 1)),
    ]


def outline_parameters(outliners: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return what shapes objects; `outliners` are the ids of models to offer for it."""
    outliner = QgsProcessingParameterString(
        SEGMENTER, tr("Model that outlines (none: the best installed)"), None, False, True
    )
    outliner.setMetadata({"widget_wrapper": {"value_hints": ["", *outliners]}})
    refine = QgsProcessingParameterBoolean(REFINE, tr("Draw things anew with the model that outlines"), False)
    return [
        choice(OUTLINE, tr("Outline"), OUTLINES),
        number(MIN_AREA, tr("Smallest part or hole (m²)"), 0.0, (0, 1e12)),
        *map(folded_away, (refine, outliner)),
    ]


def rare_parameters() -> List[QgsProcessingParameterDefinition]:
    """Return what both algorithms fold away."""
    rare = (
        choice(COVERAGE, tr("Read closely"), COVERAGES),
        choice(DECODER, tr("Decoder"), DECODERS),
        choice(UPSAMPLE, tr("Sharpen along edges"), SWITCH),
        choice(REMOVE_BIAS, tr("Take out what all places share"), SWITCH),
        choice(FINEST, tr("As finely as published"), SWITCH),
        bands_parameter(),
        device_parameter(),
    )
    return [folded_away(parameter) for parameter in rare]


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
