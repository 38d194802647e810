"""How two pictures of one place differ where nothing changed: light, season, haze, sharpness, noise, place."""

from __future__ import annotations

import io

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates, zoom

from backend.training.change_pairs import Bytes, Pair
from backend.training.crops import lit

SHIFT, BENT = 2.0, 1.5
"""Pixels that one date may lie beside the other as a whole, and how much it is bent (a deviation): heights lean."""
SEASONAL, CLOUDED, SOFTENED, NOISY, PACKED, MOVED, GAMMA = 0.45, 0.35, 0.45, 0.4, 0.4, 0.6, 0.6
SCALES, VIEW = (0.8, 1.6), 192
"""How much a pair is enlarged, and the side of what a step sees of it."""
Floats = NDArray[np.float32]


def drawn_pair(pair: Pair, drawn: np.random.Generator) -> Pair:
    """Return the pair as another day would show it: turned, enlarged, each date under its own sky, time either way."""
    pair = pair.turned() if drawn.random() < 0.5 else pair
    pair = _turned(_enlarged(pair, drawn), drawn)
    before, after = seen(pair.before, drawn), seen(pair.after, drawn)
    if drawn.random() < MOVED:
        after = _moved(after, drawn)
    return Pair(before, after, pair.was, pair.now, pair.changed)


def _moved(picture: Bytes, drawn: np.random.Generator) -> Bytes:
    """Return a picture that lies a little beside itself, here more and there less."""
    height, width = picture.shape[:2]
    at = np.indices((height, width)).astype(np.float32)
    for axis in at:
        axis += drawn.uniform(-SHIFT, SHIFT) + zoom(drawn.normal(0, BENT, (5, 5)), (height / 5, width / 5), order=1)
    bands = [
        map_coordinates(band, at, order=1, mode="nearest") for band in np.moveaxis(picture.astype(np.float32), 2, 0)
    ]
    return _bytes(np.stack(bands, 2))


def seen(picture: Bytes, drawn: np.random.Generator) -> Bytes:
    """Return a picture (h, w, 3) on another day, by another camera."""
    pixels = picture.astype(np.float32)
    if drawn.random() < SEASONAL:
        pixels = _season(pixels, drawn)
    if drawn.random() < CLOUDED:
        pixels = _clouded(pixels, drawn)
    pixels = lit(torch.from_numpy(pixels).permute(2, 0, 1)[None], drawn)[0].permute(1, 2, 0).numpy()
    if drawn.random() < GAMMA:
        pixels = np.asarray(255 * np.clip(pixels / 255, 0, 1) ** np.exp(drawn.normal(0, 0.25)), np.float32)
    if drawn.random() < SOFTENED:
        pixels = _softened(pixels, drawn)
    if drawn.random() < NOISY:
        pixels = pixels + drawn.normal(0, drawn.uniform(1, 8), pixels.shape).astype(np.float32)
    return _packed(_bytes(pixels), drawn) if drawn.random() < PACKED else _bytes(pixels)


def _enlarged(pair: Pair, drawn: np.random.Generator) -> Pair:
    """Return a part of the pair, larger or smaller, `VIEW` pixels a side where the pair has as many."""
    whole = pair.changed.shape[0]
    side = min(whole, VIEW)
    part = min(whole, round(side / drawn.uniform(*SCALES)))
    top, left = drawn.integers(0, whole - part, 2, endpoint=True)
    inside = np.s_[top : top + part, left : left + part]
    pictures = (
        np.asarray(Image.fromarray(p[inside]).resize((side, side), Image.Resampling.BILINEAR))
        for p in (pair.before, pair.after)
    )
    at = ((np.arange(side) + 0.5) * part / side).astype(int)
    maps = (m[inside][np.ix_(at, at)] for m in (pair.was, pair.now, pair.changed))
    return Pair(*pictures, *maps)


def _turned(pair: Pair, drawn: np.random.Generator) -> Pair:
    quarter, mirrored = int(drawn.integers(4)), bool(drawn.integers(2))
    parts = (np.rot90(p, quarter) for p in (pair.before, pair.after, pair.was, pair.now, pair.changed))
    return Pair(*(np.ascontiguousarray(p[:, ::-1] if mirrored else p) for p in parts))


def _season(pixels: Floats, drawn: np.random.Generator) -> Floats:
    """Return plants of another colour: dried up, or grown."""
    red, green, blue = np.moveaxis(pixels, -1, 0)
    green_by = np.clip((2 * green - red - blue) / 30, 0, 1)[..., None]
    tone = np.array([drawn.uniform(0.8, 1.6), drawn.uniform(0.75, 1.2), drawn.uniform(0.7, 1.2)], np.float32)
    return np.asarray(pixels * (1 - green_by) + pixels * tone * green_by, np.float32)


def _clouded(pixels: Floats, drawn: np.random.Generator) -> Floats:
    """Return light that differs from place to place, and a little haze."""
    height, width = pixels.shape[:2]
    coarse = drawn.normal(1, 0.13, (4, 4))
    field = zoom(coarse, (height / 4, width / 4), order=1)[..., None]
    haze = drawn.uniform(0, 0.25)
    return np.asarray(pixels * np.clip(field, 0.6, 1.5) * (1 - haze) + haze * 190, np.float32)


def _softened(pixels: Floats, drawn: np.random.Generator) -> Floats:
    if drawn.random() < 0.3:  # sharpened
        return np.asarray(pixels + drawn.uniform(0.3, 1.2) * (pixels - gaussian_filter(pixels, (1.2, 1.2, 0))), "f4")
    sigma = drawn.uniform(0.5, 1.8)
    return np.asarray(gaussian_filter(pixels, (sigma, sigma, 0)), np.float32)


def _packed(picture: Bytes, drawn: np.random.Generator) -> Bytes:
    memory = io.BytesIO()
    Image.fromarray(picture).save(memory, "JPEG", quality=int(drawn.integers(35, 92)))
    return np.asarray(Image.open(memory))


def _bytes(values: NDArray[np.floating]) -> Bytes:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)
