"""Follow an object over the borders of its crop. Windows here are in cells of one step, but for the lattice's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.lattice import SIDES, Lattice
from backend.geo.pixel_prompts import PixelPrompts
from backend.geo.raster import Window
from backend.models.segmenter import Mask
from backend.protocol import codes
from backend.tasks.canvas import Canvas, intersection, within
from backend.tasks.components import connected, inner_points
from backend.tasks.crops import CropModel, Timings, in_crop, with_seeds

AGREEMENT = 0.6
"""A neighbour's answer is joined where its IoU with what is known, in their overlap, reaches this."""
SEEDS = 4
BEYOND = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


class Growth:
    """One object, from the answer on its first crop outwards.

    Attributes:
        mask: the object over `window`, after each join.
        crops: how many crops were joined.
        truncated: it goes on, but no more crops might be asked.
    """

    def __init__(
        self, model: CropModel, lattice: Lattice, prompts: PixelPrompts, step: int, connected_only: bool
    ) -> None:
        self._model, self._lattice, self._prompts, self._step = model, lattice, prompts, step
        self._connected_only = connected_only
        self._joined: list[Window] = []
        self.timings = Timings()
        self.truncated = False

    @property
    def crops(self) -> int:
        """Return how many crops were joined."""
        return len(self._joined)

    @property
    def window(self) -> Window:
        """Return what the joined crops span."""
        return self._canvas.window

    def start(self, window: Window, logits: NDArray[np.float32]) -> None:
        """Take the model's answer on the first crop, `window` of the lattice."""
        self._canvas = Canvas(in_cells(window, self._step), logits)
        self._took(window)

    def follow(self, max_crops: int, on_step: Callable[[], None]) -> None:
        """Join neighbours while the object runs out of what is covered, at most `max_crops` asked altogether."""
        tried = set(self._joined)
        while True:
            found = next(((at, side, beyond) for at, side, beyond in self._exits() if beyond not in tried), None)
            if found is None:
                return
            if len(tried) >= max_crops:
                self.truncated = True
                return
            tried.add(found[2])
            on_step()
            self._join(*found)

    def _exits(self) -> Iterator[tuple[Window, str, Window]]:
        for window in self._joined:
            for side in SIDES:
                beyond = self._lattice.neighbour(window, side, self._step)
                if beyond is not None and self._runs_out(in_cells(window, self._step), side):
                    yield window, side, beyond

    def _runs_out(self, cells: Window, side: str) -> bool:
        """Return whether the object meets the side of a joined crop where no crop covers the cell beyond."""
        edge = _side(cells, side)
        right, down = BEYOND[side]
        line = Window(edge.col + right, edge.row + down, edge.width, edge.height)
        touching = self.mask[within(edge, self.window)]
        return bool((touching & ~self._covered(line)).any())

    def _covered(self, line: Window) -> Mask:
        inside = intersection(line, self.window)
        if inside.width <= 0 or inside.height <= 0:
            return np.zeros((line.height, line.width), np.bool_)
        return self._canvas.covered(line)

    def _join(self, before: Window, side: str, window: Window) -> None:
        """Ask for the object in the crop `window`; join the answer if it agrees with what is known."""
        cells = in_cells(window, self._step)
        overlap = intersection(cells, in_cells(before, self._step))
        known = self.mask[within(overlap, self.window)]
        leaving = connected(known, _edge(known.shape, side))
        corner = np.array([overlap.col - cells.col, overlap.row - cells.row], np.float32)
        seeds = inner_points(leaving, SEEDS) + corner
        try:
            encoded = self._model.encode(window, self._step, self.timings)
        except BadInput as error:
            if error.code == codes.NO_VALID_PIXELS:
                return
            raise
        prompts = with_seeds(in_crop(self._prompts, window, self._step), seeds)
        logits = self._model.decode(encoded, prompts, self.timings).logits
        if _iou(logits[within(overlap, cells)] > 0, known) >= AGREEMENT:
            self._canvas.add(cells, logits)
            self._took(window)

    def _took(self, window: Window) -> None:
        self._joined.append(window)
        mask = self._canvas.mask()
        self.mask = self._own_parts(mask) if self._connected_only else mask

    def _own_parts(self, mask: Mask) -> Mask:
        """Return the parts of `mask` that a positive point or the box touches; all of it where none does."""
        seeds = np.zeros(mask.shape, np.bool_)
        corner = np.array([self.window.col, self.window.row])
        positive = self._prompts.points[self._prompts.labels == 1]
        columns, rows = (positive / self._step - corner).astype(int).T
        seeds[rows, columns] = True
        if self._prompts.box is not None:
            low, high = np.reshape(self._prompts.box, (2, 2)) / self._step - corner
            left, top = np.maximum(0, low).astype(int)
            right, bottom = np.ceil(high).astype(int)
            seeds[top:bottom, left:right] = True
        own = connected(mask, seeds)
        return own if own.any() else mask


def in_cells(window: Window, step: int) -> Window:
    """Return `window`, in pixels, in cells of `step` pixels; the last cells may be partial."""
    return Window(window.col // step, window.row // step, -(-window.width // step), -(-window.height // step))


def in_pixels(cells: Window, step: int, lattice: Lattice) -> Window:
    """Return the window in pixels, within the raster, that `cells` covers."""
    left, top = cells.col * step, cells.row * step
    right, bottom = left + cells.width * step, top + cells.height * step
    return Window(left, top, min(right, lattice.width) - left, min(bottom, lattice.height) - top)


def _side(cells: Window, side: str) -> Window:
    col = cells.col + cells.width - 1 if side == "right" else cells.col
    row = cells.row + cells.height - 1 if side == "bottom" else cells.row
    upright = side in ("left", "right")
    return Window(col, row, 1 if upright else cells.width, cells.height if upright else 1)


def _edge(shape: tuple[int, ...], side: str) -> Mask:
    edge = np.zeros(shape, np.bool_)
    along = edge.T if side in ("left", "right") else edge
    along[0 if side in ("left", "top") else -1] = True
    return edge


def _iou(a: Mask, b: Mask) -> float:
    either = int((a | b).sum())
    return float((a & b).sum() / either) if either else 0.0
