"""Training crops: place, scale, turn and light drawn at random, the same for a picture and its labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.training.pictures import UNKNOWN, Picture

SHARES = {"dubai": 0.46, "banepa": 0.38, "naip": 0.09, "free": 0.07}
CLASS_SHARES = (0.36, 0.14, 0.1, 0.22, 0.18)
AROUND, WITHIN, WITHIN_SHARE = (1.1, 4.0), (0.5, 1.1), 0.12
LARGEST_ZOOM = 4
NATIVE_SPREAD = 0.4
TURNED, GREY, BEYOND = 0.5, 0.08, 0.12


@dataclass(frozen=True)
class Sample:
    """A crop: image (3, n, n) float 0..255, classes and objects (n, n), and the object it was cut around."""

    image: Tensor
    classes: NDArray[np.uint8]
    objects: NDArray[np.int32]
    wanted: int


@dataclass(frozen=True)
class Frame:
    """A square of a picture, in its pixels: centre, side and turn in radians, mirrored or not."""

    row: float
    column: float
    side: float
    turn: float
    mirrored: bool


class Cropper:
    """Draws crops: first the source, then the class, then an object of that class, then a frame around it."""

    def __init__(self, pictures: list[Picture], drawn: np.random.Generator) -> None:
        self._drawn = drawn
        self._sources = {name: [p for p in pictures if p.source == name] for name in SHARES}

    def zoomed(self, size: int) -> Sample:
        """Return a crop whose scale follows the object's size, as the second look of a click does."""
        picture, number, (top, left, bottom, right) = self._object()
        extent, drawn = max(bottom - top, right - left), self._drawn
        inside = drawn.random() < WITHIN_SHARE
        factor = drawn.uniform(*WITHIN) if inside else np.exp(drawn.uniform(*np.log(AROUND)))
        side = float(np.clip(extent * factor, size / LARGEST_ZOOM, max(picture.image.shape[:2])))
        slack = (abs(side - (bottom - top)) / 2, abs(side - (right - left)) / 2)
        row = (top + bottom) / 2 + drawn.uniform(-0.8, 0.8) * slack[0]
        column = (left + right) / 2 + drawn.uniform(-0.8, 0.8) * slack[1]
        if drawn.random() > BEYOND:
            row, column = _inside(row, side, picture.image.shape[0]), _inside(column, side, picture.image.shape[1])
        return self._sample(picture, number, row, column, side, size)

    def native(self, size: int) -> Sample:
        """Return a crop near the picture's own resolution, or one that takes in a large object."""
        picture, number, (top, left, bottom, right) = self._object()
        drawn = self._drawn
        side = size * float(np.exp(drawn.normal(0, NATIVE_SPREAD)))
        if max(bottom - top, right - left) > side and drawn.random() < 0.6:
            side = max(bottom - top, right - left) * drawn.uniform(1.0, 1.6)
        side = float(np.clip(side, size / LARGEST_ZOOM, min(picture.image.shape[:2])))
        row, column = drawn.uniform(top, bottom), drawn.uniform(left, right)
        row = _inside(row + drawn.uniform(-0.35, 0.35) * side, side, picture.image.shape[0])
        column = _inside(column + drawn.uniform(-0.35, 0.35) * side, side, picture.image.shape[1])
        return self._sample(picture, number, row, column, side, size)

    def _object(self) -> tuple[Picture, int, tuple[int, int, int, int]]:
        drawn = self._drawn
        source = str(drawn.choice(list(SHARES), p=list(SHARES.values())))
        pictures = self._sources[source]
        while True:
            value = int(drawn.choice(len(CLASS_SHARES), p=CLASS_SHARES)) if source == "dubai" else None
            picture = pictures[int(drawn.integers(len(pictures)))]
            choices = [found for v, found in picture.anchors.items() if value is None or v == value]
            if choices:
                number, top, left, bottom, right = choices[0][int(drawn.integers(len(choices[0])))].tolist()
                return picture, number, (top, left, bottom, right)

    def _sample(self, picture: Picture, number: int, row: float, column: float, side: float, size: int) -> Sample:
        drawn = self._drawn
        turn = float(drawn.uniform(0, 2 * np.pi)) if drawn.random() < TURNED else int(drawn.integers(4)) * np.pi / 2
        frame = Frame(row, column, side, turn, bool(drawn.integers(2)))
        image, classes, objects = cut(picture, frame, size)
        return Sample(lit(image, drawn)[0], classes, objects, number)


def _inside(middle: float, side: float, length: int) -> float:
    """Return the middle moved so that the side stays on a picture of this length, or the picture's own middle."""
    return float(np.clip(middle, side / 2, length - side / 2)) if side < length else length / 2


def cut(picture: Picture, frame: Frame, size: int) -> tuple[Tensor, NDArray[np.uint8], NDArray[np.int32]]:
    """Return a frame's image (1, 3, size, size), classes and objects; beyond the picture edges repeat, unlabelled."""
    steps = ((np.arange(size) + 0.5) / size - 0.5) * frame.side
    across = -steps if frame.mirrored else steps
    sine, cosine = np.sin(frame.turn), np.cos(frame.turn)
    rows = frame.row + cosine * steps[:, None] + sine * across[None]
    columns = frame.column - sine * steps[:, None] + cosine * across[None]
    height, width = picture.image.shape[:2]
    top, left = max(int(rows.min()) - 2, 0), max(int(columns.min()) - 2, 0)
    patch = picture.image[top : max(int(rows.max()) + 3, top + 4), left : max(int(columns.max()) + 3, left + 4)]
    pixels = torch.from_numpy(patch.copy()).permute(2, 0, 1)[None].float()
    shrink = frame.side / size
    if shrink > 1.2:
        smaller = [max(round(n / shrink), 2) for n in patch.shape[:2]]
        pixels = torch.nn.functional.interpolate(pixels, smaller, mode="bilinear", antialias=True)
    grid = np.stack([(columns - left) / patch.shape[1] * 2 - 1, (rows - top) / patch.shape[0] * 2 - 1], -1)
    image = torch.nn.functional.grid_sample(
        pixels, torch.from_numpy(grid.astype(np.float32))[None], padding_mode="border", align_corners=False
    )
    outside = (rows < 0) | (columns < 0) | (rows >= height) | (columns >= width)
    at = np.clip(rows, 0, height - 1).astype(int), np.clip(columns, 0, width - 1).astype(int)
    classes, objects = picture.classes[at], picture.objects[at]
    classes[outside], objects[outside] = UNKNOWN, 0
    return image, classes, objects


def lit(pixels: Tensor, drawn: np.random.Generator) -> Tensor:
    """Return the pixels under another light: gain, offset, tint and contrast; sometimes blurred, sometimes grey."""
    gain = torch.tensor(drawn.uniform(0.75, 1.3) * drawn.uniform(0.9, 1.1, 3), dtype=torch.float32)[None, :, None, None]
    middle = pixels.mean((2, 3), keepdim=True)
    contrast = float(drawn.uniform(0.75, 1.25))
    pixels = ((pixels - middle) * contrast + middle) * gain + float(drawn.uniform(-15, 15))
    if drawn.random() < 0.15:
        pixels = torch.nn.functional.avg_pool2d(pixels, 3, 1, 1, count_include_pad=False)
    if drawn.random() < GREY:
        pixels = pixels.mean(1, keepdim=True).expand_as(pixels)
    return pixels.clamp(0, 255)


def chosen_objects(
    sample: Sample, count: int, drawn: np.random.Generator, smallest: int = 60
) -> list[NDArray[np.bool_]]:
    """Return masks of up to `count` objects of a crop, the one it was cut around first."""
    sizes = np.bincount(sample.objects.ravel())
    sizes[0] = 0
    others = np.nonzero(sizes >= smallest)[0]
    drawn.shuffle(others)
    numbers = [n for n in (sample.wanted, *others) if n < len(sizes) and sizes[n] >= smallest]
    return [sample.objects == n for n in dict.fromkeys(numbers)][:count]
