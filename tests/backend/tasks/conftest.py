"""A small real segmenter: the object is what can be reached from the positive points over like colours."""

from dataclasses import dataclass

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy import ndimage

from backend.models.segmenter import Decoded


@dataclass(frozen=True)
class Picture:
    image: np.ndarray
    nbytes: int


class Flood:
    def __init__(self, input_size=64, tolerance=40):
        self.input_size = input_size
        self.tolerance = tolerance
        self.encoded = 0

    def encode(self, image, valid):
        assert max(image.shape[:2]) <= self.input_size
        self.encoded += 1
        return Picture(image.astype(int), image.nbytes)

    def decode(self, embedding, prompts):
        image = embedding.image
        mask = np.zeros(image.shape[:2], bool)
        seeds = prompts.points[prompts.labels == 1]
        if prompts.box is not None:
            seeds = np.vstack([seeds, prompts.box.reshape(2, 2).mean(axis=0)])
        for x, y in seeds.astype(int):
            like = np.abs(image - image[y, x]).max(axis=2) <= self.tolerance
            labels, _ = ndimage.label(like)
            mask |= labels == labels[y, x]
        for x, y in prompts.points[prompts.labels == 0].astype(int):
            labels, _ = ndimage.label(mask)
            mask &= (labels != labels[y, x]) | (labels == 0)
        memory = np.zeros((4, 4), np.float32)
        return Decoded(np.where(mask, 5, -5).astype(np.float32), 0.9, memory)

    def close(self):
        pass


@pytest.fixture
def flood():
    return Flood


@pytest.fixture
def picture(tmp_path):
    """Write an RGB GeoTIFF: `mask` bright on dark, half-metre pixels in UTM."""

    def write(mask, name="picture.tif", crs="EPSG:32645", **profile):
        path = tmp_path / name
        height, width = mask.shape
        band = np.where(mask, 200, 30).astype("uint8")
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=3, dtype="uint8", crs=crs,
            transform=from_origin(300000, 3000000, 0.5, 0.5), **profile,
        ) as dataset:  # fmt: skip
            dataset.write(np.stack([band] * 3))
        return path

    return write
