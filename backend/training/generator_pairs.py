"""What the generator learns from: crops of imagery at many resolutions, each with the picture four times coarser."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import torch
from numpy.typing import NDArray
from PIL import Image

from backend.models.generator_network import GAIN, SCALE
from backend.training.degradation import degraded, halved
from backend.training.pack import MOSAIC

Picture = NDArray[np.uint8]
EUROSAT, EUROSAT_SIDE, EUROSAT_METRES = "eurosat", 64, 10.0
COARSER = (1, 2, 4)
DAMAGED = 0.4
"""The share of low-resolution pictures that went through two rounds of damage; the others are plain means."""
DEGREE_M = 111_320.0


@dataclass(frozen=True)
class Scene:
    """A picture whose pixels are `metres` wide; crops begin at multiples of `lattice`."""

    picture: Picture
    metres: float
    kind: str
    lattice: int = 1


@dataclass(frozen=True)
class Pairs:
    """A batch: what the enlarged picture lacks (n, 3, s, s), the picture before (n, 3, s / 4, s / 4), metres (n,)."""

    lacking: torch.Tensor
    low: torch.Tensor
    metres: torch.Tensor


class Drawer:
    """Draws crops; what comes follows from the generator of random numbers alone."""

    def __init__(self, pack: Path, more: list[Path], side: int) -> None:
        """Read the pictures of a `pack` (backend.training.pack) and of further GeoTIFFs of bytes."""
        self._side = side
        self._kinds: dict[str, list[Scene]] = {}
        for scene in (*_packed(pack), *(one for path in more for one in _file(path))):
            for factor in COARSER:
                smaller = _coarser(scene, factor)
                if min(smaller.picture.shape[:2]) >= side:
                    self._kinds.setdefault(f"{scene.kind}{factor}", []).append(smaller)

    def draw(self, count: int, drawn: np.random.Generator) -> Pairs:
        """Return `count` pairs: every kind and resolution as often as any other."""
        names = sorted(self._kinds)
        found = [self._pair(self._kinds[names[drawn.integers(len(names))]], drawn) for _ in range(count)]
        high = torch.stack([_tensor(crop) for crop, _, _ in found])
        low = torch.stack([_tensor(coarse) for _, coarse, _ in found])
        metres = torch.tensor([size for _, _, size in found], dtype=torch.float32)
        return Pairs(lacking(high, low), low, metres)

    def _pair(self, scenes: list[Scene], drawn: np.random.Generator) -> tuple[Picture, Picture, float]:
        scene = scenes[drawn.integers(len(scenes))]
        rows, columns = ((length - self._side) // scene.lattice + 1 for length in scene.picture.shape[:2])
        top, left = (int(drawn.integers(n)) * scene.lattice for n in (rows, columns))
        crop = scene.picture[top : top + self._side, left : left + self._side]
        crop = np.rot90(crop, int(drawn.integers(4)))
        crop = np.ascontiguousarray(crop[:, ::-1] if drawn.integers(2) else crop)
        worse = drawn.random() < DAMAGED
        return crop, degraded(crop, SCALE, drawn) if worse else halved(crop, SCALE), scene.metres


def lacking(high: torch.Tensor, low: torch.Tensor) -> torch.Tensor:
    """Return what `low` (n, 3, h, w), enlarged, lacks of `high` (n, 3, 4 h, 4 w), times `GAIN`."""
    return (high - enlarged(low)) * GAIN


def enlarged(low: torch.Tensor) -> torch.Tensor:
    """Return a picture four times as large, bicubic."""
    return torch.nn.functional.interpolate(low, scale_factor=float(SCALE), mode="bicubic", align_corners=False)


def _tensor(picture: Picture) -> torch.Tensor:
    return torch.from_numpy(picture.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1)


def _coarser(scene: Scene, factor: int) -> Scene:
    if factor == 1:
        return scene
    if scene.lattice > 1:  # a mosaic of chips: what is near in it is not near on the ground
        return Scene(scene.picture[:0], 0, scene.kind)
    return Scene(halved(scene.picture, factor), scene.metres * factor, scene.kind)


def _packed(path: Path) -> Iterator[Scene]:
    with zipfile.ZipFile(path) as archive:
        index = json.loads(archive.read("index.json"))
        for entry in index["entries"]:
            kind = entry["name"].split("_")[0]
            yield Scene(_jpeg(archive.read(f"{entry['name']}.jpg")), entry["metres"], kind)
        for number in range(index["eurosat"]):
            mosaic = _jpeg(archive.read(f"{EUROSAT}_{number}.jpg"))
            filled = len(json.loads(archive.read(f"{EUROSAT}_{number}.json"))) // MOSAIC
            yield Scene(mosaic[: filled * EUROSAT_SIDE], EUROSAT_METRES, EUROSAT, EUROSAT_SIDE)


def _jpeg(data: bytes) -> Picture:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _file(path: Path) -> Iterator[Scene]:
    """Yield a GeoTIFF of three bands of bytes; one in degrees counts as at the equator."""
    with rasterio.open(path) as dataset:
        picture = dataset.read((1, 2, 3)).transpose(1, 2, 0)
        size = abs(dataset.transform.a) * (DEGREE_M if dataset.crs.is_geographic else 1)
    yield Scene(np.ascontiguousarray(picture), size, path.stem)
