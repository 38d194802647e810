"""Training crops: place, scale, turn and light drawn at random, the same for a picture and its labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.training.pictures import Picture

SCALES = (0.55, 2.6)
SHARES = {"dubai": 0.47, "banepa": 0.33, "naip": 0.12, "free": 0.08}
CLASS_SHARES = (0.36, 0.14, 0.1, 0.22, 0.18)


@dataclass(frozen=True)
class Sample:
    """A crop: image (3, n, n) float 0..255, classes and objects (n, n), and the object it was cut around (0: none)."""

    image: Tensor
    classes: NDArray[np.uint8]
    objects: NDArray[np.int32]
    wanted: int


class Cropper:
    """Draws crops: first the source, then the class, then an object of that class, then a window holding it."""

    def __init__(self, pictures: list[Picture], size: int, drawn: np.random.Generator) -> None:
        self._size, self._drawn = size, drawn
        self._sources = {name: [p for p in pictures if p.source == name] for name in SHARES}

    def draw(self) -> Sample:
        """Return one crop."""
        drawn = self._drawn
        source = str(drawn.choice(list(SHARES), p=list(SHARES.values())))
        picture, (row, column, number) = self._object(source)
        scale = float(np.exp(drawn.uniform(*np.log(SCALES))))
        side = min(int(self._size * scale), *picture.image.shape[:2])
        top = self._start(row, side, picture.image.shape[0])
        left = self._start(column, side, picture.image.shape[1])
        window = np.s_[top : top + side, left : left + side]
        return self._turned(picture.image[window], picture.classes[window], picture.objects[window], number)

    def _object(self, source: str) -> tuple[Picture, tuple[int, int, int]]:
        drawn, pictures = self._drawn, self._sources[source]
        value = int(drawn.choice(len(CLASS_SHARES), p=CLASS_SHARES)) if source == "dubai" else None
        while True:
            picture = pictures[int(drawn.integers(len(pictures)))]
            choices = [a for v, a in picture.anchors.items() if value is None or v == value]
            if choices:
                anchors = choices[0]
                row, column, number = anchors[int(drawn.integers(len(anchors)))]
                return picture, (int(row), int(column), int(number))
            value = int(drawn.integers(len(CLASS_SHARES))) if value is not None else None

    def _start(self, at: int, side: int, length: int) -> int:
        first = at - int(self._drawn.uniform(0.1, 0.9) * side)
        return int(np.clip(first, 0, length - side))

    def _turned(
        self, image: NDArray[np.uint8], classes: NDArray[np.uint8], objects: NDArray[np.int32], number: int
    ) -> Sample:
        drawn, size = self._drawn, self._size
        turns, flip = int(drawn.integers(4)), bool(drawn.integers(2))
        image, classes, objects = np.rot90(image, turns), np.rot90(classes, turns), np.rot90(objects, turns)
        if flip:
            image, classes, objects = image[:, ::-1], classes[:, ::-1], objects[:, ::-1]
        pixels = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float()
        if pixels.shape[2:] != (size, size):
            pixels = torch.nn.functional.interpolate(pixels, (size, size), mode="bilinear", antialias=True)
        steps = ((np.arange(size) + 0.5) * classes.shape[0] / size).astype(int)
        grid = np.ix_(steps, steps)
        return Sample(lit(pixels, drawn)[0], classes[grid].copy(), objects[grid].copy(), number)


def lit(pixels: Tensor, drawn: np.random.Generator) -> Tensor:
    """Return the pixels under another light: gain, offset, tint and contrast; sometimes blurred."""
    gain = torch.tensor(drawn.uniform(0.75, 1.3) * drawn.uniform(0.9, 1.1, 3), dtype=torch.float32)[None, :, None, None]
    middle = pixels.mean((2, 3), keepdim=True)
    contrast = float(drawn.uniform(0.75, 1.25))
    pixels = ((pixels - middle) * contrast + middle) * gain + float(drawn.uniform(-15, 15))
    if drawn.random() < 0.15:
        pixels = torch.nn.functional.avg_pool2d(pixels, 3, 1, 1, count_include_pad=False)
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
