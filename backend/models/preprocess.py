"""From a crop to the square a promptable model sees, and from a person's prompts to its tokens. NumPy only.

The arithmetic is that of the models' own processors: SAM and SAM-HQ scale the longest side and pad at the right and
bottom, SAM 2.1 and SAM 3 scale both sides. Bytes are interpolated first along rows, then along columns, rounded
after each, as Pillow and torch do for 8-bit images; a crop is never larger than the input, so two taps suffice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .segmenter import CropPrompts, Image, Mask
from .spec import Normalisation

Floats = NDArray[np.float32]
FIXED_BITS = 22
NO_POINT, FIRST_CORNER, LAST_CORNER = -1, 2, 3
"""Labels beside 0 and 1: the token that closes a list of points, and a box's two corners."""


@dataclass(frozen=True)
class InputFormat:
    """What a model's square input looks like.

    Attributes:
        side: pixels.
        pads: True where the longest side is scaled and the rest padded, False where both sides are scaled.
        normalisation: applied to values scaled to 0..1; padding and pixels without data become 0 after it.
        closes_points: a list of points without a box ends with a `NO_POINT` token (SAM); False where the model's
            own prompt encoder adds it (SAM 2).
    """

    side: int
    pads: bool
    normalisation: Normalisation
    closes_points: bool


@dataclass(frozen=True)
class Geometry:
    """Where a crop lies in the input: `fitted` (height, width) from the top left corner, the rest is padding."""

    crop: tuple[int, int]
    fitted: tuple[int, int]
    side: int
    pads: bool

    def to_input(self, points: Floats) -> Floats:
        """Return crop pixels (n, 2) as the models count them: 0 is the centre of the first pixel of the input."""
        scale = (self.fitted[1] / self.crop[1], self.fitted[0] / self.crop[0])
        return (points * np.asarray(scale, np.float32) - np.float32(0.5)).astype(np.float32)


def lay_out(crop: tuple[int, int], form: InputFormat) -> Geometry:
    """Return where a crop of (height, width) pixels goes."""
    side = form.side
    if not form.pads:
        return Geometry(crop, (side, side), side, pads=False)
    scale = side / max(crop)
    fitted = (max(1, int(crop[0] * scale + 0.5)), max(1, int(crop[1] * scale + 0.5)))
    return Geometry(crop, fitted, side, pads=True)


def fit(image: Image, valid: Mask, geometry: Geometry) -> tuple[Image, Mask]:
    """Return the input's pixels (side, side, 3) uint8 and where they show data."""
    height, width = geometry.fitted
    pixels = np.zeros((geometry.side, geometry.side, 3), np.uint8)
    shown = np.zeros((geometry.side, geometry.side), np.bool_)
    pixels[:height, :width] = resize_bytes(image, geometry.fitted)
    rows, cols = (np.arange(new) * old // new for new, old in zip(geometry.fitted, geometry.crop, strict=True))
    shown[:height, :width] = valid[np.ix_(rows, cols)]
    return pixels, shown


def normalise(pixels: Image, shown: Mask, normalisation: Normalisation) -> Floats:
    """Return (1, 3, side, side) float32; 0 where nothing is shown."""
    mean, std = (np.asarray(values, np.float32) * 255 for values in (normalisation.mean, normalisation.std))
    values = (pixels.astype(np.float32) - mean) / std
    values[~shown] = 0
    return np.ascontiguousarray(values.transpose(2, 0, 1))[None]


def prompt_tokens(prompts: CropPrompts, geometry: Geometry, form: InputFormat) -> tuple[Floats, NDArray[np.int64]]:
    """Return (1, 1, n, 2) coordinates and (1, 1, n) labels: points, then a box's corners or the closing token."""
    coords, labels = [geometry.to_input(prompts.points)], [prompts.labels.astype(np.int64)]
    if prompts.box is not None:
        coords.append(geometry.to_input(prompts.box.reshape(2, 2)))
        labels.append(np.array([FIRST_CORNER, LAST_CORNER], np.int64))
    elif form.closes_points:
        coords.append(np.zeros((1, 2), np.float32))
        labels.append(np.array([NO_POINT], np.int64))
    return np.concatenate(coords)[None, None], np.concatenate(labels)[None, None]


def ambiguous(prompts: CropPrompts) -> bool:
    """Return whether one point is all there is: the model then offers three masks and the best one counts."""
    return len(prompts.points) == 1 and prompts.box is None and prompts.logits is None


def resize_bytes(image: Image, size: tuple[int, int]) -> Image:
    """Return (rows, columns, channels) uint8 interpolated linearly to `size`, which is no smaller."""
    wide = image if image.shape[1] == size[1] else _bytes_along(image, size[1], 1)
    return wide if wide.shape[0] == size[0] else _bytes_along(wide, size[0], 0)


def resize_floats(values: Floats, size: tuple[int, int]) -> Floats:
    """Return (rows, columns) float32 interpolated linearly between pixel centres, edges repeated."""
    tall = values if values.shape[0] == size[0] else _rows(values, size[0])
    return tall if tall.shape[1] == size[1] else np.ascontiguousarray(_rows(tall.T, size[1]).T)


def _bytes_along(image: Image, new: int, axis: int) -> Image:
    # fixed point, as Pillow computes: where the exact value is a half, its rounding decides
    first, second, part = _taps(image.shape[axis], new)
    shape = [new if k == axis else 1 for k in range(image.ndim)]
    weights = [np.rint(w * (1 << FIXED_BITS)).astype(np.int32).reshape(shape) for w in (1 - part, part)]
    total = image.take(first, axis) * weights[0] + image.take(second, axis) * weights[1]
    return ((total + (1 << FIXED_BITS - 1)) >> FIXED_BITS).astype(np.uint8)


def _rows(values: Floats, new: int) -> Floats:
    first, second, part = _taps(values.shape[0], new)
    above, below = values[first], values[second]
    return np.asarray(above + (below - above) * part[:, None].astype(np.float32), np.float32)


def _taps(old: int, new: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return, for each new pixel, its two neighbours among the old ones and the weight of the second."""
    centres = (np.arange(new, dtype=np.float64) + 0.5) * (old / new) - 0.5
    low = np.floor(centres)
    first, second = (np.clip(low + k, 0, old - 1).astype(np.intp) for k in (0, 1))
    return first, second, centres - low
