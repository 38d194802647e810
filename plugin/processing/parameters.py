"""Parameters that several algorithms have. Names and values are stable: models and scripts of users hold them."""

from __future__ import annotations

from typing import Optional, Sequence

from qgis.core import (
    QgsProcessingParameterBand,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from .text import tr

INPUT, BANDS, EXTENT, MODEL, DEVICE, OUTPUT = "INPUT", "BANDS", "EXTENT", "MODEL", "DEVICE", "OUTPUT"
OUTLINES = ("smooth", "exact", "orthogonal", "rectangle", "circle")
DEVICES = ("auto", "cpu", "cuda")
LARGEST_SEED = 2**31 - 1


def choice(name: str, label: str, options: Sequence[str]) -> QgsProcessingParameterEnum:
    """Return a parameter whose values are the options themselves."""
    return QgsProcessingParameterEnum(name, label, list(options), False, options[0], False, True)


def whole(name: str, label: str, default: Optional[int], limits: Sequence[int]) -> QgsProcessingParameterDefinition:
    """Return a parameter for a whole number between two limits; without a default it may be left out."""
    kind = QgsProcessingParameterNumber.Type.Integer
    return QgsProcessingParameterNumber(name, label, kind, default, default is None, *limits)


def number(
    name: str, label: str, default: Optional[float], limits: Sequence[float]
) -> QgsProcessingParameterDefinition:
    """Return a parameter for a number between two limits; without a default it may be left out."""
    kind = QgsProcessingParameterNumber.Type.Double
    return QgsProcessingParameterNumber(name, label, kind, default, default is None, *limits)


def bands_parameter() -> QgsProcessingParameterDefinition:
    """Return the parameter for bands of the image."""
    label = tr("Bands to read (one or three; none: as the layer is shown)")
    return QgsProcessingParameterBand(BANDS, label, None, INPUT, True, True)


def model_parameter(models: Sequence[str], default: str) -> QgsProcessingParameterDefinition:
    """Return the parameter for a model; `models` are the ids to offer, others may be typed."""
    model = QgsProcessingParameterString(MODEL, tr("Model"), default)
    model.setMetadata({"widget_wrapper": {"value_hints": list(models)}})
    return model


def area_parameter() -> QgsProcessingParameterDefinition:
    """Return the parameter for a part of the whole."""
    return QgsProcessingParameterExtent(EXTENT, tr("Area (none: all)"), None, True)


def device_parameter() -> QgsProcessingParameterDefinition:
    """Return the parameter for the device, folded away."""
    return folded_away(choice(DEVICE, tr("Device"), DEVICES))


def folded_away(parameter: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Return the parameter among the advanced ones."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
