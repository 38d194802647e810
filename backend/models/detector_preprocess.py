"""From a picture of any size to what a detector sees, with the arithmetic of the models' own processors.

Grounding DINO and SAM 3 resize bytes as Pillow does: a triangle as wide as the shrinking, along rows and then along
columns, rounded after each (Pillow 13 at times begins with columns: one level of 255 at most). OWLv2 resizes floats
as scikit-image does: a Gaussian when it shrinks, then linearly, mirrored about the outermost pixels.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from .preprocess import FIXED_BITS, Floats
from .segmenter import Image, Mask
from .spec import Normalisation

Size = tuple[int, int]
CLIP = Normalisation((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))


def aspect_size(picture: Size, shortest: int, longest: int) -> Size:
    """Return (height, width) with the shorter side `shortest`, or less where the longer would exceed `longest`."""
    short, long = min(picture), max(picture)
    wanted: float = shortest
    if long / short * shortest > longest:
        wanted = longest * short / long
    whole, rest = round(wanted), int(wanted * long / short)
    if short == whole:
        return picture
    return (whole, rest) if picture[0] <= picture[1] else (rest, whole)


def shown_bytes(image: Image, valid: Mask, size: Size) -> tuple[Image, Mask]:
    """Return a picture's bytes at `size`, black without data, and, pixel by pixel, whether the nearest one is data."""
    rows, cols = (np.arange(new) * old // new for new, old in zip(size, valid.shape, strict=True))
    return resize_bytes(np.where(valid[..., None], image, np.uint8(0)), size), valid[np.ix_(rows, cols)]


def resize_bytes(image: Image, size: Size) -> Image:
    """Return (rows, columns, channels) uint8 at `size`, larger or smaller."""
    wide = image if image.shape[1] == size[1] else _bytes_along(image, size[1], 1)
    return wide if wide.shape[0] == size[0] else _bytes_along(wide, size[0], 0)


def square_floats(image: Image, valid: Mask, side: int) -> Floats:
    """Return OWLv2's input (1, 3, side, side) float32: black where there is no data and in the padding to a square."""
    longest = max(image.shape[:2])
    values = np.zeros((longest, longest, 3), np.float32)
    values[: image.shape[0], : image.shape[1]] = np.where(valid[..., None], image, 0).astype(np.float32) / 255
    resized = resize_smoothed(values, side)
    scaled = (resized - np.asarray(CLIP.mean, np.float32)) / np.asarray(CLIP.std, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1), np.float32)[None]


def resize_smoothed(values: Floats, side: int) -> Floats:
    """Return a square picture (n, n, channels) at (side, side, channels), within the values it had."""
    smooth = values
    sigma = (len(values) / side - 1) / 2
    for axis in (0, 1) if sigma > 0 else ():
        smooth = gaussian_filter1d(smooth, sigma, axis, mode="mirror")
    for axis in (0, 1) if len(values) != side else ():
        smooth = _linear_along(smooth, side, axis)
    return np.clip(smooth, values.min(), values.max())


def _bytes_along(image: Image, new: int, axis: int) -> Image:
    # fixed point, as Pillow computes: where the exact value is a half, its rounding decides
    first, weights = _triangle(image.shape[axis], new)
    shape = [new if k == axis else 1 for k in range(image.ndim)]
    taps = np.minimum(first[:, None] + np.arange(weights.shape[1]), image.shape[axis] - 1)
    total = np.full([new if k == axis else n for k, n in enumerate(image.shape)], 1 << FIXED_BITS - 1, np.int32)
    for tap, weight in zip(taps.T, weights.T, strict=True):
        total += image.take(tap, axis) * weight.reshape(shape)
    return (total >> FIXED_BITS).astype(np.uint8)


def _triangle(old: int, new: int) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Return each new pixel's first old neighbour and the weights (new, taps) of it and those after it."""
    scale = old / new
    reach = max(scale, 1.0)
    centres = (np.arange(new) + 0.5) * scale
    first = np.maximum(np.trunc(centres - reach + 0.5), 0).astype(np.intp)
    last = np.minimum(np.trunc(centres + reach + 0.5), old).astype(np.intp)
    places = first[:, None] + np.arange(math.ceil(reach) * 2 + 1)
    weights = np.maximum(1 - np.abs((places - centres[:, None] + 0.5) * (1 / reach)), 0) * (places < last[:, None])
    weights *= 1 / weights.sum(1, keepdims=True)
    return first, np.trunc(weights * (1 << FIXED_BITS) + 0.5).astype(np.int32)


def _linear_along(values: Floats, new: int, axis: int) -> Floats:
    old = values.shape[axis]
    centres = np.abs((np.arange(new) + 0.5) * (old / new) - 0.5)
    centres = np.minimum(centres, 2 * (old - 1) - centres)
    low = np.clip(np.floor(centres).astype(np.intp), 0, max(old - 2, 0))
    part = (centres - low).astype(np.float32).reshape([new if k == axis else 1 for k in range(values.ndim)])
    lower, upper = (values.take(np.minimum(low + k, old - 1), axis) for k in (0, 1))
    return np.asarray(lower + (upper - lower) * part, np.float32)
