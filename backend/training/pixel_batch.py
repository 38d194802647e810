"""What one step of the pixel decoder sees: crops at scales from finer to coarser, and mosaics of EuroSAT's chips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.models.mini_pixel import STRIDE
from backend.training.crops import Frame, cut, lit
from backend.training.phrases import CLASSES, SCENES
from backend.training.pictures import UNKNOWN
from backend.training.pixel_pictures import Chart

SIDE, CHIP = 192, 64
SHARES = {"dubai": 0.45, "banepa": 0.3, "naip": 0.25}
SCALES = {"dubai": (0.5, 3.0), "banepa": (0.5, 2.5), "naip": (0.5, 1.3)}
"""Pixels of the picture a pixel of the crop."""
TURNED = 0.5
SEAM, LOW, CARE = 1.5, 0.2, 3.0
"""Pixels of a crop to a seam within which a target is low, how low, and how much those cells weigh."""
WHOLLY = {list(SCENES).index("SeaLake"): CLASSES.index("water"), list(SCENES).index("Forest"): 3}


@dataclass(frozen=True)
class PixelBatch:
    """Crops (n, 3, s, s), the last ones mosaics of scenes; everything else at stride 2.

    Attributes:
        classes: (n, h, w) uint8.
        truth, care: (n, 6, h, w) targets 0 to 1 of `CLASSES`, and how much a cell counts; 0 unknown.
        scenes: (mosaics, 9) classes of the mosaics' chips, by rows.
    """

    crops: Tensor
    classes: Tensor
    truth: Tensor
    care: Tensor
    scenes: Tensor


class PixelBatches:
    """Draws batches; what is drawn follows from the seed and the step's number alone."""

    def __init__(
        self, charts: list[Chart], chips: NDArray[np.uint8], scenes: NDArray[np.int64], table: Tensor, seed: int
    ) -> None:
        self._charts = {name: [chart for chart in charts if chart.picture.source == name] for name in SHARES}
        self._chips, self._scenes, self._table, self._seed = chips, scenes, table, seed

    def draw(self, number: int, crops: int, mosaics: int) -> PixelBatch:
        """Return the batch of a step."""
        drawn = np.random.default_rng([self._seed, number])
        held = {name: share for name, share in SHARES.items() if self._charts[name]}
        shares = np.array(list(held.values())) / sum(held.values())
        rows = [self._crop(str(drawn.choice(list(held), p=shares)), drawn) for _ in range(crops)]
        scenes = np.zeros((mosaics, (SIDE // CHIP) ** 2), np.int64)
        for index in range(mosaics):
            row, scenes[index] = self._mosaic(drawn)
            rows.append(row)
        images, classes, truth, care = (torch.stack(part) for part in zip(*rows, strict=True))
        return PixelBatch(images, classes, truth, care, torch.from_numpy(scenes))

    def _crop(self, source: str, drawn: np.random.Generator) -> tuple[Tensor, ...]:
        charts = self._charts[source]
        chart = charts[int(drawn.integers(len(charts)))]
        shrink = float(np.exp(drawn.uniform(*np.log(SCALES[source]))))
        side, shape = SIDE * shrink, chart.picture.image.shape
        row, column = (_place(side, length, drawn) for length in shape[:2])
        turn = float(drawn.uniform(0, 2 * np.pi)) if drawn.random() < TURNED else int(drawn.integers(4)) * np.pi / 2
        image, classes, numbers = cut(chart.picture, Frame(row, column, side, turn, bool(drawn.integers(2))), SIDE)
        known = torch.from_numpy(classes[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE].copy())
        truth, care = self._truth(known)
        if chart.phrase is not None and chart.peaks is not None and chart.seam is not None:
            touching = chart.seam[numbers] / shrink <= SEAM
            peaks = np.where(touching, np.minimum(chart.peaks[numbers], LOW), chart.peaks[numbers])
            truth[chart.phrase] = _cells(peaks)
            care[chart.phrase] = _cells(numbers > 0).round() * (1 + (CARE - 1) * _cells(touching))
        return lit(image, drawn)[0], known, truth, care

    def _mosaic(self, drawn: np.random.Generator) -> tuple[tuple[Tensor, ...], NDArray[np.int64]]:
        side = SIDE // CHIP
        chosen = drawn.integers(len(self._chips), size=side * side)
        chips = self._chips[chosen].reshape(side, side, CHIP, CHIP, 3).swapaxes(1, 2).reshape(SIDE, SIDE, 3)
        scenes = self._scenes[chosen]
        known = np.array([WHOLLY.get(int(scene), UNKNOWN) for scene in scenes], np.uint8).reshape(side, side)
        classes = torch.from_numpy(known.repeat(CHIP // STRIDE, 0).repeat(CHIP // STRIDE, 1))
        pixels = torch.from_numpy(chips.copy()).permute(2, 0, 1)[None].float()
        return (lit(pixels, drawn)[0], classes, *self._truth(classes)), scenes

    def _truth(self, classes: Tensor) -> tuple[Tensor, Tensor]:
        found = self._table[classes.long()].permute(2, 0, 1)
        return found.clamp_min(0), (found >= 0).float()


def _place(side: float, length: int, drawn: np.random.Generator) -> float:
    """Return a middle: the side within the picture, or the picture within the side."""
    low, high = sorted((side / 2, length - side / 2))
    return float(drawn.uniform(low, high))


def _cells(values: NDArray[np.generic]) -> Tensor:
    return torch.nn.functional.avg_pool2d(torch.from_numpy(values.astype(np.float32))[None], STRIDE)[0]
