"""Change by segments: AnyChange's bitemporal latent matching (Zheng et al., NeurIPS 2024, arXiv:2402.01188), untrained.

Both dates are segmented by a grid of points. Each mask has a latent of its own date and one of the same place at the
other date, the means of dense vectors under it; the angle between the two is the mask's. Masks of both dates count:
what is gone is an object before, what is new one after. A pixel has the largest angle of the masks over it.

The paper's threshold, a change angle of 145 degrees of SAM's latents, is on minus the cosine: 35 degrees between the
two. Other latents spread otherwise; the threshold is told from all angles of the area (`calibrate`), as its authors do
where they choose none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.models.change_detector import ANY
from backend.models.embedder import DenseEmbedder
from backend.models.many_points import each_point
from backend.models.segmenter import Image, Mask, Segmenter

from .method import PER_DEGREE, Floats, angle
from .pair import Both, dates

APART = 32
"""Pixels between points: 32 a side of a window of 1024, as published."""
STRIDE = 2
"""Pixels a side of a cell in which masks are kept."""
WORSE = 0.5
"""The part of a picture's masks that is left out, the worst. Models differ in how sure they are: SAM's thresholds of
score and stability, which leave out about as many, would leave nothing of Mini's masks."""
OFFSET = 1.0
"""Logits: stability is the IoU of the masks so far above and below a mask's threshold."""
LEAST_CELLS, LARGEST = 16, 0.5
"""Cells, and the part of a tile, between which masks count: larger ones are background."""
SAME = 0.7
"""Of masks that overlap by this IoU the better one stays."""


@dataclass(frozen=True)
class Segment:
    """A mask in cells, its window there, and its score: the IoU that the model expects times its stability."""

    rows: slice
    columns: slice
    mask: Mask
    score: float

    @property
    def size(self) -> int:
        """Return its cells."""
        return int(np.count_nonzero(self.mask))


class Segments:
    """Implements `Method` with any segmenter, and latents of any embedder of places."""

    angles, blank, stride, kind = True, True, STRIDE, ANY
    classes: tuple[str, ...] = ()

    def __init__(self, segmenter: Segmenter, latents: DenseEmbedder, name: str) -> None:
        self._segmenter, self._latents = segmenter, latents
        self.size = min(segmenter.input_size, latents.input_size)
        self.known = "segments", name, APART, STRIDE, WORSE, SAME

    def __call__(self, image: Both, valid: Mask) -> Floats:
        """Return degrees (1, rows, columns); 0 where no mask is."""
        pictures = dates(image)
        vectors = [self._cells(picture, valid) for picture in pictures]
        shape = vectors[0].shape[1:]
        found: Floats = np.zeros(shape, np.float32)
        for picture in pictures:
            for one in segments(self._segmenter, picture, valid, self.stride):
                here = found[one.rows, one.columns]
                at = float(change_angle(one, vectors[0], vectors[1]))
                here[one.mask] = np.maximum(here[one.mask], max(at, 1 / PER_DEGREE))
        return found[None]

    def _cells(self, picture: Image, valid: Mask) -> Floats:
        """Return vectors (width, rows, columns) in cells of `stride`."""
        dense = self._latents.dense(picture, valid)
        rows, columns = (
            np.minimum(np.arange(-(-side // self.stride)) * self.stride // self._latents.stride, length - 1)
            for side, length in zip(valid.shape, dense.shape[1:], strict=True)
        )
        return np.asarray(dense[:, rows[:, None], columns], np.float32)


def change_angle(one: Segment, before: Floats, after: Floats) -> float:
    """Return the degrees between the mean vectors under a mask at both dates."""
    latents = [values[:, one.rows, one.columns][:, one.mask].mean(1) for values in (before, after)]
    return float(angle(latents[0], latents[1]))


def segments(segmenter: Segmenter, picture: Image, valid: Mask, stride: int) -> list[Segment]:
    """Return the masks of a grid of points, each object once, the best first."""
    embedding = segmenter.encode(picture, valid)
    found: list[Segment] = []
    for decoded in each_point(segmenter, embedding, grid_points(valid)):
        one = _segment(decoded.logits, valid, decoded.score, stride)
        if one is not None:
            found.append(one)
    usual = np.quantile([one.score for one in found], WORSE) if found else 0.0
    better = [one for one in found if one.score >= usual]
    return without_doubles(better, (-(-valid.shape[0] // stride), -(-valid.shape[1] // stride)))


def grid_points(valid: Mask) -> NDArray[np.float32]:
    """Return points (n, 2) `APART` pixels apart, x and y, that are data."""
    height, width = valid.shape
    counts = max(1, round(width / APART)), max(1, round(height / APART))
    xs, ys = ((np.arange(count) + 0.5) * side / count for count, side in zip(counts, (width, height), strict=True))
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    known = valid[points[:, 1].astype(int), points[:, 0].astype(int)]
    return np.asarray(points[known], np.float32)


def _segment(logits: Floats, valid: Mask, score: float, stride: int) -> Segment | None:
    """Return what a mask is in cells; None where it is too small or most of the picture."""
    cells = np.s_[stride // 2 :: stride, stride // 2 :: stride]
    seen = np.where(valid[cells], logits[cells], -np.inf)
    full = -(-valid.shape[0] // stride), -(-valid.shape[1] // stride)
    if seen.shape != full:
        seen = np.pad(seen, [(0, whole - side) for whole, side in zip(full, seen.shape, strict=True)], mode="edge")
    mask = seen > 0
    size, sure, likely = (int(np.count_nonzero(seen > level)) for level in (0, OFFSET, -OFFSET))
    if not LEAST_CELLS <= size <= LARGEST * mask.size:
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    down, across = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return Segment(down, across, mask[down, across], score * sure / likely)


def without_doubles(found: list[Segment], shape: tuple[int, int]) -> list[Segment]:
    """Return the masks that no better one overlaps by `SAME`, the best first."""
    kept: list[Segment] = []
    canvas = np.zeros(shape, np.bool_)
    for one in sorted(found, key=lambda each: -each.score):
        canvas[one.rows, one.columns] = one.mask
        if not any(_overlap(canvas, other, one.size) for other in kept):
            kept.append(one)
        canvas[one.rows, one.columns] = False
    return kept


def _overlap(canvas: Mask, other: Segment, size: int) -> bool:
    common = int(np.count_nonzero(canvas[other.rows, other.columns] & other.mask))
    return common > SAME * (size + other.size - common)
