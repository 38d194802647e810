"""What a person may set about how a model reads phrases; a model's own defaults stand in its spec."""

from __future__ import annotations

from dataclasses import replace

from backend.protocol.capabilities import Parameter

AUTO, TEXT, PIXEL = "auto", "text", "pixel"
DECODERS = (AUTO, TEXT, PIXEL)

THRESHOLD = Parameter(
    "threshold",
    "number",
    0.5,
    "Threshold",
    minimum=0.0,
    maximum=1.0,
    help="The score from which a place or an object counts.",
)
UPSAMPLE = Parameter(
    "upsample",
    "boolean",
    False,
    "Sharpen along edges",
    help="Features are brought to finer resolution, guided by the image; takes longer.",
)
REMOVE_BIAS = Parameter(
    "remove_bias",
    "boolean",
    False,
    "Take out what all places share",
    help="A part of what the whole image has in common is taken out of every place before phrases are compared.",
)
DECODER = Parameter(
    "decoder",
    "choice",
    AUTO,
    "Decoder",
    choices=DECODERS,
    help="What answers phrases: features compared with text, or a decoder of its own where the model has one.",
)
REFINE = Parameter(
    "refine",
    "boolean",
    False,
    "Draw things anew",
    help="The segmentation model is clicked in each thing and draws it; outlines are better, each takes a moment.",
)
FINEST = Parameter(
    "finest",
    "boolean",
    False,
    "As finely as published",
    help="Every pixel has features of its own; takes many times longer.",
    hidden=True,
)
"""SegEarth-OV's alone."""
SWITCHES = (UPSAMPLE, REMOVE_BIAS, DECODER, FINEST)


def from_score(threshold: float) -> Parameter:
    """Return the threshold of a model whose scores count from another value on."""
    return replace(THRESHOLD, default=threshold)


def switched_on(*parameters: Parameter) -> tuple[Parameter, ...]:
    """Return switches that are on where nothing is said."""
    return tuple(replace(parameter, default=True) for parameter in parameters)


def left_out(*parameters: Parameter) -> tuple[Parameter, ...]:
    """Return parameters that mean nothing for a model, so that forms do not show them."""
    return tuple(replace(parameter, hidden=True) for parameter in parameters)
