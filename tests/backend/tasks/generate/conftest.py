"""A tiny generator, exported, and sources to begin with."""

import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.geo.reader import SourceReader
from backend.models.generator import GeneratorModel
from backend.protocol.source import Source
from tests.backend.models.generators import drawn

SIDE = 300


class Plain:
    """A painter that takes no time; all of a window counts for each of its pixels."""

    input_size = 256

    def condition(self, low):
        enlarged = low.repeat(4, 2).repeat(4, 3)
        return enlarged, enlarged

    def noise(self, noisy, shown, step, metres):
        share = 0.5 + np.tanh(shown.mean((2, 3), keepdims=True) + noisy.mean((2, 3), keepdims=True)) / 4
        near = share * noisy + (1 - share) * np.roll(noisy, 1, 3)
        return (near + 0.2 * shown + 0.01 * metres[:, None, None, None]).astype(np.float32)

    def close(self):
        pass


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """Return the folder of a tiny network's graphs."""
    from backend.training.generator_export import export

    folder = tmp_path_factory.mktemp("generator")
    export(drawn(), folder)
    return folder


@pytest.fixture(scope="session")
def painter(weights):
    return GeneratorModel(weights)


@pytest.fixture
def picture(tmp_path):
    """Write a smooth picture of two metres a pixel with a hole, and return its path."""

    def write(name="low.tif", side=SIDE, crs="EPSG:32632", transform=None, dtype="uint8", scale=1, hole=True):
        made = np.random.default_rng(0).integers(40, 200, (3, side // 10, side // 10))
        values = (made.repeat(10, 1).repeat(10, 2) * scale).astype(dtype)
        if hole:
            values[:, 100:110, 100:140] = 0
        profile = {"driver": "GTiff", "dtype": dtype, "count": 3, "width": values.shape[2], "height": values.shape[1]}
        place = {"crs": crs, "transform": transform or Affine(2, 0, 500_000, 0, -2, 5_000_000)} if crs else {}
        with rasterio.open(tmp_path / name, "w", nodata=0, **place, **profile) as file:
            file.write(values)
        return tmp_path / name

    return write


@pytest.fixture
def reader(picture):
    path = picture()
    with SourceReader(Source(path=str(path)), path) as made:
        yield made
