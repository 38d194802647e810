"""Where to look closely: windows over a relevance map, scored by an integral image, the best without overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """A window of cells of a relevance map, and the mean relevance of what no better box covers in it."""

    row: int
    column: int
    height: int
    width: int
    score: float


def window_scores(relevance: Floats, size: tuple[int, int], stride: int) -> tuple[Floats, list[int], list[int]]:
    """Return the mean of every window of `size` (rows, columns) cells, and the rows and columns where windows start.

    Windows start every `stride` cells; the last of a row or column is moved back inside the map.
    """
    table = np.zeros((relevance.shape[0] + 1, relevance.shape[1] + 1))
    table[1:, 1:] = relevance.cumsum(0, dtype=np.float64).cumsum(1)
    (height, width), (rows, columns) = size, (_starts(relevance.shape[i], size[i], stride) for i in (0, 1))
    top, left = np.array(rows)[:, None], np.array(columns)[None]
    total = table[top + height, left + width] - table[top, left + width] - table[top + height, left] + table[top, left]
    return (total / (height * width)).astype(np.float32), rows, columns


def top_boxes(
    relevance: Floats, size: int, stride: int, most: int, least: float = 0.0, overlap: float = 0.25
) -> list[Box]:
    """Return up to `most` boxes of `size` x `size` cells (less where the map is smaller), the best first.

    After each choice its cells count nothing for the next, and boxes that share more than `overlap` of their cells
    with it are out; boxes end when no cell of at least `least` (above 0) is left. Of equal boxes the upper left comes
    first. Cells that are NaN count nothing.
    """
    left = np.where(np.isnan(relevance), 0, relevance).astype(np.float32)
    left[left < least] = 0
    height, width = (min(size, side) for side in left.shape)
    _, rows, columns = window_scores(left, (height, width), stride)
    open_ = np.ones((len(rows), len(columns)), np.bool_)
    found: list[Box] = []
    while len(found) < most and left.any() and open_.any():
        scores = np.where(open_, window_scores(left, (height, width), stride)[0], -1)
        i, j = divmod(int(scores.argmax()), len(columns))
        if scores[i, j] <= 0:
            break
        found.append(Box(rows[i], columns[j], height, width, float(scores[i, j])))
        left[rows[i] : rows[i] + height, columns[j] : columns[j] + width] = 0
        open_ &= _shared(rows, rows[i], height)[:, None] * _shared(columns, columns[j], width)[None] <= overlap
    return found


def to_window(box: Box, cell: int, within: Window) -> Window:
    """Return `box` in source pixels: a cell is `cell` pixels wide, and the map lies over `within`."""
    column, row = box.column * cell, box.row * cell
    width, height = min(box.width * cell, within.width - column), min(box.height * cell, within.height - row)
    return Window(within.col + column, within.row + row, width, height)


def _starts(length: int, size: int, stride: int) -> list[int]:
    last = length - size
    return sorted({min(start, last) for start in range(0, last + stride, stride)})


def _shared(starts: list[int], chosen: int, size: int) -> Floats:
    """Return the share of a window's side that it has in common with the one that starts at `chosen`."""
    return np.clip(1 - np.abs(np.array(starts, np.float32) - chosen) / size, 0, None)
