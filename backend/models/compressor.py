"""A trained compressor, run by NumPy: vectors of several embedders, and dates, to one short vector a place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from backend.errors import BadInput
from backend.protocol import codes

from .tensors_file import read_tensors

Floats = NDArray[np.float32]
CARD, TENSORS, FORMAT = "compressor.json", "compressor.safetensors", 1
TINY, ROWS = 1e-5, 1024


@dataclass(frozen=True)
class Input:
    """Vectors that a compressor takes.

    Attributes:
        model: id of the embedder.
        weights: sha256 of its weights, as the vectors' file says; empty where it says nothing.
        width: numbers in a vector.
    """

    model: str
    weights: str
    width: int


def side_by_side(vectors: Sequence[Floats]) -> Floats:
    """Return (n, sum of widths) of unit vectors (n, width) each, at a length where a number is about 1 in all."""
    return np.concatenate([part * np.float32(part.shape[1] ** 0.5) for part in vectors], axis=1)


class Compressor:
    """The encoder in a folder that `training.compressor` made.

    Attributes:
        inputs: what it takes, in this order; several dates of one embedder follow each other in time.
        width: numbers of its vectors.
        sha256: of its weights.
    """

    def __init__(self, folder: Path) -> None:
        """Open `folder`.

        Raises:
            BadInput: SOURCE_MISSING, SOURCE_UNREADABLE.
        """
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            self.inputs = tuple(Input(one["model"], one["weights"], one["width"]) for one in card["inputs"])
            self.width = int(card["width"])
            self.sha256 = hashlib.sha256((folder / TENSORS).read_bytes()).hexdigest()
            self._tensors = read_tensors(folder / TENSORS, lambda name: not name.startswith("decoders"))
            whole = self.sha256 == card["sha256"] and card["format"] == FORMAT
        except FileNotFoundError as error:
            detail = f"There is no compressor in {folder.name!r}; make one with backend.training.compressor."
            raise BadInput(codes.SOURCE_MISSING, detail) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(folder) from error
        if not whole:
            raise _damaged(folder)

    def __call__(self, vectors: Sequence[Floats]) -> Floats:
        """Return codes (n, width) of unit vectors (n, width of each input)."""
        count = len(vectors[0])
        parts = [slice(start, start + ROWS) for start in range(0, count, ROWS)]
        codes_of = [self._encoded(side_by_side([one[part] for one in vectors])) for part in parts]
        return np.concatenate(codes_of)

    def _encoded(self, features: Floats) -> Floats:
        middle = features - features.mean(1, keepdims=True)
        values = middle / np.sqrt(np.square(middle).mean(1, keepdims=True) + np.float32(TINY))
        values = values * self._tensors["norm.weight"] + self._tensors["norm.bias"]
        values = self._layer("hidden", values)
        values *= (1 + erf(values * np.float32(0.5**0.5))) / 2
        return self._layer("code", values)

    def _layer(self, name: str, values: Floats) -> Floats:
        found: Floats = values @ self._tensors[f"{name}.weight"].T
        found += self._tensors[f"{name}.bias"]
        return found


def write_card(inputs: Sequence[Input], width: int, sha256: str, more: dict[str, Any]) -> bytes:
    """Return the card that `Compressor` reads, with what else is to be told of its making."""
    card = {"format": FORMAT, "inputs": [vars(one) for one in inputs], "width": width, "sha256": sha256, **more}
    return (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()


def _damaged(folder: Path) -> BadInput:
    return BadInput(codes.SOURCE_UNREADABLE, f"The compressor in {folder.name!r} is damaged or cut off; make it anew.")
