"""Pictures made worse, twice, as Real-ESRGAN does (arXiv:2107.10833): blur, resize, noise, JPEG; then the size."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

Picture = NDArray[np.uint8]
FILTERS = (Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)


@dataclass(frozen=True)
class Strength:
    """Ranges that one round draws from.

    Attributes:
        blur: standard deviation in pixels.
        resize: factor.
        noise: standard deviation in grey values.
        jpeg: quality.
    """

    blur: tuple[float, float]
    resize: tuple[float, float]
    noise: tuple[float, float]
    jpeg: tuple[int, int]


FIRST = Strength((0.2, 1.5), (0.5, 1.2), (0.0, 4.0), (70, 98))
SECOND = Strength((0.2, 0.9), (0.6, 1.2), (0.0, 2.5), (75, 98))
"""Gentler than for photographs: imagery is seldom that bad, and what is asked for here is detail, not repair."""


def halved(picture: Picture, factor: int) -> Picture:
    """Return a picture `factor` times coarser: each pixel the mean of those it covers. Sides are whole multiples."""
    rows, columns = picture.shape[0] // factor, picture.shape[1] // factor
    parts = picture[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor, 3)
    return np.asarray(np.round(parts.mean((1, 3))), np.uint8)


def degraded(picture: Picture, factor: int, drawn: np.random.Generator) -> Picture:
    """Return a picture (h, w, 3) `factor` times coarser after two rounds of damage; sides are whole multiples."""
    size = picture.shape[1] // factor, picture.shape[0] // factor
    here = picture
    for strength in (FIRST, SECOND):
        here = _round(here, strength, drawn)
    return np.asarray(Image.fromarray(here).resize(size, Image.Resampling.BOX))


def _round(picture: Picture, strength: Strength, drawn: np.random.Generator) -> Picture:
    sigma = drawn.uniform(*strength.blur)
    blurred = gaussian_filter(picture.astype(np.float32), (sigma, sigma, 0))
    factor = drawn.uniform(*strength.resize)
    size = max(8, round(picture.shape[1] * factor)), max(8, round(picture.shape[0] * factor))
    filtered = FILTERS[drawn.integers(len(FILTERS))]
    resized = np.asarray(Image.fromarray(_bytes(blurred)).resize(size, filtered), np.float32)
    noisy = resized + drawn.normal(0, drawn.uniform(*strength.noise), resized.shape)
    packed = io.BytesIO()
    Image.fromarray(_bytes(noisy)).save(packed, "JPEG", quality=int(drawn.integers(*strength.jpeg)))
    return np.asarray(Image.open(packed))


def _bytes(values: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(np.round(values), 0, 255), np.uint8)
