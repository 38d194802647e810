"""Phrases to maps: which phrase names each pixel, and how strongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.models.embedder import DenseEmbedder
from backend.protocol import codes
from backend.tasks.mosaic import STRIDE, mosaic

MOST_PHRASES = 254
BACKGROUNDS = ("auto", "none")


@dataclass(frozen=True)
class Grounded:
    """Scores (phrases, rows, columns) float32 0 to 1, NaN without data; classes (rows, columns) uint8, 0 none."""

    phrases: tuple[str, ...]
    scores: NDArray[np.float32]
    classes: NDArray[np.uint8]


def split_phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of `building; swimming pool`."""
    phrases = tuple(part.strip() for part in text.split(";") if part.strip())
    if not phrases or len(phrases) > MOST_PHRASES:
        raise BadInput(codes.PROMPT_INVALID, f"Give 1 to {MOST_PHRASES} phrases, with semicolons between them.")
    return phrases


def ground(
    reader: SourceReader,
    model: DenseEmbedder,
    phrases: tuple[str, ...],
    background: str,
    progress: Callable[[float, str], None],
) -> Grounded:
    """Return scores of every phrase and the map of the best one.

    With the background `auto`, a pixel that no phrase names (all scores below one half) has class 0; with `none`
    every pixel with data has the class of its best phrase.

    Raises:
        BadInput: as `SourceReader.read`.
    """
    vectors = model.phrases(list(phrases))

    def logits(image: NDArray[np.uint8], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        return model.scores(model.dense(image, valid), vectors)

    coarse = mosaic(reader, model.input_size, logits, progress)
    full = enlarged(coarse, reader.grid.height, reader.grid.width)
    known = ~np.isnan(full[0])
    best = np.where(known, np.nan_to_num(full, nan=-np.inf).argmax(0) + 1, 0)
    if background == "auto":
        best = np.where(np.nan_to_num(full, nan=-np.inf).max(0) > 0, best, 0)
    scores = 1 / (1 + np.exp(-full))
    return Grounded(phrases, scores.astype(np.float32), best.astype(np.uint8))


def enlarged(coarse: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Return (n, height, width) interpolated linearly between cell centres; NaN where the nearest cell is."""
    rows, columns = _taps(coarse.shape[1], height), _taps(coarse.shape[2], width)
    found = np.empty((len(coarse), height, width), np.float32)
    for band, values in enumerate(coarse):
        filled = np.nan_to_num(values)
        tall = filled[rows[0]] * (1 - rows[2])[:, None] + filled[rows[1]] * rows[2][:, None]
        found[band] = tall[:, columns[0]] * (1 - columns[2]) + tall[:, columns[1]] * columns[2]
    nearest = np.ix_(np.arange(height) // STRIDE, np.arange(width) // STRIDE)
    found[:, np.isnan(coarse[0])[nearest]] = np.nan
    return found


def _taps(cells: int, pixels: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    place = (np.arange(pixels) + 0.5) / STRIDE - 0.5
    low = np.floor(place)
    first, second = (np.clip(low + k, 0, cells - 1).astype(np.intp) for k in (0, 1))
    return first, second, (place - low).astype(np.float32)
