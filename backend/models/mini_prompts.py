"""Prompts drawn as maps at stride 4: what Mini's click decoder sees of a person's clicks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STRIDE = 4
NEAR, FAR = 1.5, 8.0
CHANNELS = ("near+", "far+", "near-", "far-", "box", "previous", "similar+", "similar-")


def draw(
    points: Floats, labels: NDArray[np.int32], box: Floats | None, previous: Floats | None, similar: Floats
) -> Floats:
    """Return (8, h, w) maps.

    Args:
        points: (n, 2) x, y in pixels.
        labels: (n,) 1 object, 0 background.
        box: x0, y0, x1, y1 in pixels, or None.
        previous: (h, w) logits of an earlier answer at stride 4, or None.
        similar: (channels, h, w) unit features; clicks are compared with the whole crop through them.
    """
    height, width = similar.shape[1:]
    maps = np.zeros((len(CHANNELS), height, width), np.float32)
    cells = (points.astype(np.float32) / STRIDE) - np.float32(0.5)
    for kind, at in ((1, (0, 1, 6)), (0, (2, 3, 7))):
        chosen = cells[labels == kind]
        if len(chosen):
            maps[at[0]], maps[at[1]] = _bumps(chosen, height, width)
            maps[at[2]] = _likeness(chosen, similar)
    if box is not None:
        maps[4] = _inside((box / STRIDE - 0.5).astype(np.float32), height, width)
    if previous is not None:
        maps[5] = np.tanh(previous / 2)
    return maps


def _bumps(cells: Floats, height: int, width: int) -> tuple[Floats, Floats]:
    rows = (np.arange(height, dtype=np.float32)[None] - cells[:, 1:]) ** 2
    columns = (np.arange(width, dtype=np.float32)[None] - cells[:, :1]) ** 2
    distance = (rows[:, :, None] + columns[:, None, :]).min(0)
    return np.exp(-distance / (2 * NEAR**2)), np.exp(-np.sqrt(distance) / FAR)


def _likeness(cells: Floats, similar: Floats) -> Floats:
    channels, height, width = similar.shape
    columns = np.clip(np.rint(cells[:, 0]).astype(int), 0, width - 1)
    rows = np.clip(np.rint(cells[:, 1]).astype(int), 0, height - 1)
    clicked = similar[:, rows, columns].T
    flat: Floats = (clicked @ similar.reshape(channels, -1)).max(0)
    return flat.reshape(height, width)


def _inside(box: Floats, height: int, width: int) -> Floats:
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    x0, y0, x1, y1 = box
    inside = (rows >= y0 - 0.5) & (rows <= y1 + 0.5) & (columns >= x0 - 0.5) & (columns <= x1 + 0.5)
    return np.asarray(inside, np.float32)
