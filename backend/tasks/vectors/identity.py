"""Whose vectors: numbers of one model mean nothing to those of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.errors import BadInput
from backend.protocol import codes

MODEL_TAG, WEIGHTS_TAG = "TOPOSCOPE_MODEL", "TOPOSCOPE_WEIGHTS"


@dataclass(frozen=True)
class Identity:
    """What made vectors.

    Attributes:
        model: id in the catalogue, or the published product's name; empty where the file does not say.
        weights: sha256 of the weights, several joined by blanks; empty where there are none or nothing is said.
        width: numbers in a vector.
    """

    model: str
    weights: str
    width: int

    @classmethod
    def of_tags(cls, tags: Mapping[str, str], width: int) -> Identity:
        """Return what a raster's tags say."""
        return cls(tags.get(MODEL_TAG, ""), tags.get(WEIGHTS_TAG, ""), width)

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags that say it."""
        return {MODEL_TAG: self.model} | ({WEIGHTS_TAG: self.weights} if self.weights else {})


def check_same(name: str, one: Identity, other_name: str, other: Identity) -> None:
    """Raise PARAMETER_INVALID where vectors of two files cannot be compared with each other.

    A file that does not say what made it is compared with any of as many numbers.
    """
    if one.width != other.width:
        detail = f"{name!r} has vectors of {one.width} numbers and {other_name!r} of {other.width}; use one model's."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if one.model and other.model and one.model != other.model:
        detail = f"{name!r} was made by {one.model} and {other_name!r} by {other.model}; their vectors do not compare."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if one.weights and other.weights and one.weights != other.weights:
        detail = f"{name!r} and {other_name!r} were made by {one.model or 'a model'} with other weights; embed anew."
        raise BadInput(codes.PARAMETER_INVALID, detail)
