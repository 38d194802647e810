"""What a question is about: the image as a whole, its regions one by one, or its pixels (GeoMag, arXiv 2507.05887)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.models.tensors_file import read_tensors
from backend.protocol import codes

from .chinese import read
from .language import is_chinese
from .nouns import THING, kind_of
from .subject import bare_noun, core

NAMES = ("image", "region", "pixel")
AUTO = "auto"
FILE = Path(__file__).parents[2] / "weights" / "granularity" / "granularity.safetensors"

Floats = NDArray[np.float32]
Tower = Callable[[list[str]], Floats]


@dataclass(frozen=True)
class Granularity:
    """The granularity of a question, and how likely each of NAMES is; all of it on one where the user chose."""

    name: str
    probabilities: tuple[float, float, float]


class Head:
    """Three layers on a sentence vector: 384 -> 256 -> 128 -> 3, ReLU between them, softmax at the end."""

    def __init__(self, tensors: dict[str, Floats]) -> None:
        self._layers = [(tensors[f"{i}.weight"], tensors[f"{i}.bias"]) for i in range(3)]

    def __call__(self, vectors: Floats) -> Floats:
        """Return probabilities (n, 3) in the order of NAMES for unit vectors (n, 384)."""
        hidden = vectors
        for weight, bias in self._layers[:-1]:
            hidden = np.maximum(hidden @ weight.T + bias, 0)
        weight, bias = self._layers[-1]
        logits = hidden @ weight.T + bias
        odds = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(odds / odds.sum(1, keepdims=True), np.float32)


def load_head(path: Path = FILE) -> Head:
    """Return the head in `path`, by default the one that ships."""
    tensors = read_tensors(path, lambda name: True)
    return Head({name: values.astype(np.float32) for name, values in tensors.items()})


def granularity(phrase: str, tower: Tower, head: Head, chosen: str = AUTO) -> Granularity:
    """Return the granularity of a question in English or Chinese; the user's choice stands above the head's.

    A bare noun that the list of nouns knows needs no head: of things it is region, of cover pixel.

    Raises:
        BadInput: PARAMETER_INVALID where `chosen` is neither `auto` nor one of NAMES.
    """
    if chosen == AUTO and (kind := kind_of(bare_noun(_english(phrase)))):
        chosen = "region" if kind == THING else "pixel"
    if chosen == AUTO:
        image, region, pixel = head(tower([as_read(phrase)]))[0].tolist()
        return Granularity(NAMES[int(np.argmax((image, region, pixel)))], (image, region, pixel))
    if chosen not in NAMES:
        detail = f"There is no granularity “{chosen[:40]}”; choose {AUTO}, {', '.join(NAMES[:-1])} or {NAMES[-1]}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return Granularity(chosen, (float(chosen == "image"), float(chosen == "region"), float(chosen == "pixel")))


def as_read(phrase: str) -> str:
    """Return what the text tower is given: English as it is, Chinese word for word without what is not understood."""
    return core(_english(phrase))


def _english(phrase: str) -> str:
    return read(phrase).english if is_chinese(phrase) else phrase
