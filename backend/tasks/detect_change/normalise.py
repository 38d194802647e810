"""The after picture in the light of the before picture: a gain and an offset a band.

They are those of the pixels that fit them: found again and again with less weight on what does not (Tukey's biweight),
so that what changed says nothing of the light. As both dates are measured with errors, the line is the reduced major
axis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.models.segmenter import Image

from .sample import Both

Floats = NDArray[np.float64]

BLOCK = 4
"""Pixels averaged before they are compared: a pixel of misregistration matters less."""
ROUNDS = 20
TUKEY = 4.685
"""Robust standard deviations from which on a place says nothing; the usual constant."""
LEAST = 64
"""Places that must be left, and least spread of their values, below which nothing is told from them."""
SPREAD = 2.0
STEEPEST = 4.0
"""Gains from 1 / this to this are believed."""


@dataclass(frozen=True)
class Light:
    """How 8-bit values of the after picture become the before picture's: `gain * value + offset`, a band each."""

    gain: tuple[float, ...] = (1.0, 1.0, 1.0)
    offset: tuple[float, ...] = (0.0, 0.0, 0.0)
    unchanged: float = 0.0
    believed: bool = True

    def applied(self, image: Image) -> Image:
        """Return a picture (h, w, 3) in the other's light."""
        if self.gain == (1.0, 1.0, 1.0) and self.offset == (0.0, 0.0, 0.0):
            return image
        levels = np.arange(256)[:, None] * np.array(self.gain) + np.array(self.offset)
        table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
        return np.ascontiguousarray(np.stack([table[image[..., band], band] for band in range(3)], axis=-1))


def matched(windows: Iterable[Both]) -> Light:
    """Return what brings after to before; no change, not believed, where too little is alike.

    `unchanged` is the mean weight of the places: how much of what is seen fits.
    """
    places = [_places(both) for both in windows]
    values = np.concatenate(places) if places else np.zeros((0, 2, 3))
    if len(values) < LEAST:
        return Light(believed=False)
    before, after = values[:, 0], values[:, 1]
    gain, offset = _line(before, after, np.ones(len(values)))
    weight = np.ones(len(values))
    for _ in range(ROUNDS):
        apart = before - (after * gain + offset)
        scale = np.maximum(1.4826 * np.median(np.abs(apart - np.median(apart, 0)), 0), 1.0)
        far = np.sqrt(((apart / scale) ** 2).mean(1)) / TUKEY
        weight = np.where(far < 1, (1 - np.minimum(far, 1) ** 2) ** 2, 0.0)
        if weight.sum() < LEAST:
            return Light(believed=False)
        gain, offset = _line(before, after, weight)
    if (np.maximum(gain, 1 / gain) > STEEPEST).any():
        return Light(believed=False)
    return Light(_rounded(gain), _rounded(offset), round(float(weight.mean()), 4))


def _line(before: Floats, after: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return gain and offset (3,) of the reduced major axis; without contrast only an offset."""
    total = weight.sum()
    means = [(values * weight[:, None]).sum(0) / total for values in (before, after)]
    spreads = [
        np.sqrt((((values - mean) ** 2) * weight[:, None]).sum(0) / total)
        for values, mean in zip((before, after), means, strict=True)
    ]
    told = np.minimum(*spreads) > SPREAD
    gain = np.where(told, spreads[0] / np.maximum(spreads[1], 1e-6), 1.0)
    return gain, means[0] - gain * means[1]


def _places(both: Both) -> Floats:
    """Return (n, 2, 3): means of blocks that are data throughout, before and after; nothing saturated."""
    rows, columns = (side // BLOCK * BLOCK for side in both.valid.shape)

    def blocks(values: NDArray[np.generic]) -> NDArray[np.generic]:
        shape = rows // BLOCK, BLOCK, columns // BLOCK, BLOCK, *values.shape[2:]
        return values[:rows, :columns].reshape(shape)

    known = blocks(both.valid).all(axis=(1, 3))
    means = [blocks(picture).mean(axis=(1, 3), dtype=np.float64)[known] for picture in (both.before, both.after)]
    found = np.stack(means, axis=1)
    plain = ((found > 2) & (found < 253)).all(axis=(1, 2))
    return np.asarray(found[plain], np.float64)


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
