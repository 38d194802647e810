"""Crops of any unlabelled imagery, and the features an upsampler learns to enlarge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.catalog_ground import CLIP
from backend.models.clip_vision import PatchTower
from backend.models.clip_weights import clip_from
from backend.models.mini import Mini
from backend.models.mini_graphs import FOLDER
from backend.protocol import codes
from backend.protocol.source import Source

PICTURES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".webp")
MINI_CROP = 128
MOST_DRAWS = 1000


@dataclass(frozen=True)
class Extractor:
    """A frozen model: `features` takes pixels (1, 3, crop, crop), 0 to 255, to (1, channels, crop / factor, ...).

    `radius` is that of the upsampler's neighbours, `steps` how often it doubles.
    """

    features: Callable[[Tensor], Tensor]
    channels: int
    factor: int
    crop: int
    radius: int

    @property
    def steps(self) -> int:
        """Return how many doublings make a feature a pixel."""
        return self.factor.bit_length() - 1


def extractor(name: str, device: torch.device) -> Extractor:
    """Return Mini's (`mini`), or that of the CLIP whose folder is `name`."""
    return _mini() if name == "mini" else _clip(Path(name), device)


def _mini() -> Extractor:
    model = Mini(MINI_CROP, FOLDER)

    def features(pixels: Tensor) -> Tensor:
        image = pixels[0].permute(1, 2, 0).round().clamp(0, 255).byte().numpy()
        return torch.from_numpy(model.dense(image, np.ones(image.shape[:2], np.bool_)))[None]

    return Extractor(features, 64, 4, MINI_CROP, radius=3)


def _clip(folder: Path, device: torch.device) -> Extractor:
    tower = PatchTower(clip_from(folder)).to(device)
    if tower.patch != 16:
        raise BadInput(codes.PARAMETER_INVALID, f"An upsampler makes patches of 16 pixels, not of {tower.patch}.")

    @torch.no_grad()
    def features(pixels: Tensor) -> Tensor:
        return tower.xclip(normalised(pixels))

    return Extractor(features, tower.projection.out_features, tower.patch, tower.window, radius=5)


def normalised(pixels: Tensor) -> Tensor:
    """Return pixels (1, 3, h, w), 0 to 255, as CLIP and the upsampler take them."""
    mean, std = (torch.tensor(v, device=pixels.device).view(1, 3, 1, 1) * 255 for v in (CLIP.mean, CLIP.std))
    return (pixels - mean) / std


class Crops:
    """Square crops of the images below a folder, at their own resolution."""

    def __init__(self, folder: Path, side: int) -> None:
        self.paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
        self.side = side
        if not self.paths:
            raise BadInput(
                codes.SOURCE_MISSING, f"There are no images in {folder.name!r}; give a folder that has some."
            )

    def draw(self, drawn: np.random.Generator) -> Tensor:
        """Return pixels (1, 3, side, side), 0 to 255; an image smaller than a crop is mirrored at its edges."""
        for _ in range(MOST_DRAWS):
            path = self.paths[int(drawn.integers(len(self.paths)))].absolute()
            with SourceReader(Source(path=str(path)), path) as reader:
                width, height = reader.grid.width, reader.grid.height
                column, row = (int(drawn.integers(max(length - self.side, 0) + 1)) for length in (width, height))
                try:
                    crop = reader.read(Window(column, row, min(self.side, width), min(self.side, height)))
                except BadInput as error:
                    if error.code != codes.NO_VALID_PIXELS:
                        raise
                    continue
            if crop.valid.all():
                missing = [(0, self.side - length) for length in crop.image.shape[:2]]
                image = np.pad(crop.image, (*missing, (0, 0)), "symmetric")
                return torch.from_numpy(image).permute(2, 0, 1)[None].float()
        detail = (
            f"{MOST_DRAWS} crops in a row had pixels without data; give imagery with whole {self.side} x {self.side}."
        )
        raise BadInput(codes.NO_VALID_PIXELS, detail)
