"""Pixel features of `classic`: perceptual colour and texture, and how strongly a pixel looks like an edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.color import rgb2lab

from .segmenter import Image, Mask

Field = NDArray[np.float32]
FINE, COARSE = 1.0, 3.0
TEXTURE_WEIGHT = 0.8


@dataclass(frozen=True)
class Features:
    """Features of a crop.

    Attributes:
        lab: (h, w, 3) lightly smoothed CIE Lab, in units of just-noticeable difference.
        texture: (h, w, 2) log local deviation of lightness at two scales, weighted against `lab`.
        edge: (h, w) gradient magnitude over Lab and two scales, Lab units per pixel.
    """

    lab: Field
    texture: Field
    edge: Field


def features(image: Image, valid: Mask) -> Features:
    """Return the features of `image` (h, w, 3) uint8; pixels that are not `valid` become their nearest valid ones."""
    filled = _fill(image, valid)
    raw = rgb2lab(filled).astype(np.float32)
    lab = _smooth(raw, FINE)
    edge = _gradient(_smooth(raw, 0.7)) + 0.7 * _gradient(_smooth(raw, 2.0))
    texture = np.stack([_deviation(raw[..., 0], scale) for scale in (FINE, COARSE)], axis=-1)
    scaled: Field = (TEXTURE_WEIGHT * 6 * np.log1p(texture / 2)).astype(np.float32)
    return Features(lab, scaled, edge)


def _fill(image: Image, valid: Mask) -> Image:
    if valid.all() or not valid.any():
        return image
    rows, columns = ndimage.distance_transform_edt(~valid, return_distances=False, return_indices=True)
    filled: Image = image[rows, columns]
    return filled


def _smooth(lab: Field, sigma: float) -> Field:
    smooth: Field = ndimage.gaussian_filter(lab, (sigma, sigma, 0), truncate=3)
    return smooth


def _gradient(lab: Field) -> Field:
    """Return the length of the gradient summed over channels (Di Zenzo's trace)."""
    square = np.zeros(lab.shape[:2], np.float32)
    for axis in (0, 1):
        if lab.shape[axis] > 1:  # a single row has no slope across it
            square += (np.gradient(lab, axis=axis) ** 2).sum(axis=-1)
    length: Field = np.sqrt(square)
    return length


def _deviation(lightness: Field, sigma: float) -> Field:
    mean = ndimage.gaussian_filter(lightness, 2 * sigma, truncate=2)
    square = ndimage.gaussian_filter(lightness**2, 2 * sigma, truncate=2)
    deviation: Field = np.sqrt(np.maximum(square - mean**2, 0))
    return deviation
