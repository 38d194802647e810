"""What lies in the folder of an exported model, agreed between `onnx_export` and `onnx_segmenter`. No torch here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .preprocess import InputFormat
from .spec import Normalisation

ENCODER, DECODER, DESCRIPTION = "encoder.onnx", "decoder.onnx", "model.json"
PIXELS = "pixels"
"""The encoder's input, (1, 3, side, side); its outputs are `feature_0`, `feature_1` ..."""

PROMPTS = ("coords", "labels", "mask", "has_mask")
"""The decoder's inputs before the features: (1, 1, n, 2), (1, 1, n), (1, 1, h, w), (1,) 0 or 1."""

ONE, SEVERAL = ("masks_one", "scores_one"), ("masks_several", "scores_several")
"""The decoder's outputs: one mask for the prompts, or three for an ambiguous one. Only those asked for are returned."""


def feature_names(count: int) -> tuple[str, ...]:
    """Return the names of the features an encoder hands to its decoder."""
    return tuple(f"feature_{index}" for index in range(count))


def describe(form: InputFormat, mask_size: tuple[int, int], features: int) -> dict[str, Any]:
    """Return the JSON data for `read_form` and the sizes the decoder needs."""
    return {
        "input_size": form.side,
        "pads": form.pads,
        "closes_points": form.closes_points,
        "mean": list(form.normalisation.mean),
        "std": list(form.normalisation.std),
        "mask_size": list(mask_size),
        "features": features,
    }


def read_form(described: dict[str, Any]) -> InputFormat:
    """Return the input format that `describe` wrote down."""
    normalisation = Normalisation(tuple(described["mean"]), tuple(described["std"]))
    return InputFormat(described["input_size"], described["pads"], normalisation, described["closes_points"])


def files(folder: Path) -> tuple[Path, Path, Path]:
    """Return the paths of encoder, decoder and description."""
    return folder / ENCODER, folder / DECODER, folder / DESCRIPTION
