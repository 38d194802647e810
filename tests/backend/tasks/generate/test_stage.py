import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.generator import GeneratorModel
from backend.models.noise import Noise
from backend.protocol.source import Source
from backend.tasks.generate.sampler import Sampler
from backend.tasks.generate.stage import Stage
from tests.backend.models.generators import drawn

SIDE = 300


@pytest.fixture(scope="module")
def painter(tmp_path_factory):
    from backend.training.generator_export import export

    folder = tmp_path_factory.mktemp("generator")
    export(drawn(), folder)
    return GeneratorModel(folder)


@pytest.fixture
def reader(tmp_path):
    path = tmp_path / "low.tif"
    values = np.random.default_rng(0).integers(40, 200, (3, SIDE, SIDE)).astype(np.uint8)
    values[:, 100:110, 100:140] = 0
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "width": SIDE, "height": SIDE, "nodata": 0}
    with rasterio.open(
        path, "w", crs="EPSG:32632", transform=Affine(2, 0, 500_000, 0, -2, 5_000_000), **profile
    ) as file:
        file.write(values)
    with SourceReader(Source(path=str(path)), path) as made:
        yield made


@pytest.fixture
def generate(reader, painter, tmp_path):
    """Return a function that paints an area and returns its pixels (4, h, w) and its stage."""

    def act(area, name="units", seed=3):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        stage = Stage(reader, Window(*area), Sampler(painter, Noise(seed), 2, 0.5), folder)
        stage.run(lambda percent, message: None, lambda done, total: None)
        found = np.zeros((4, stage.grid.height, stage.grid.width), np.uint8)
        for unit in stage.units():
            window = unit.window
            with rasterio.open(folder / unit.name) as file:
                found[:, window.row : window.row + window.height, window.col : window.col + window.width] = file.read()
        return found, stage

    return act


def test_a_larger_area_has_the_same_pixels(generate):
    small, stage = generate((90, 95, 30, 20), "small")
    large, _ = generate((60, 60, 80, 70), "large")
    assert np.array_equal(small, large[:, 140:220, 120:240])
    assert stage.grid.transform @ (0, 0) == (500_180, 4_999_810)
    assert stage.grid.transform.a == 0.5


def test_holes_stay_holes_and_cover_whole_pixels(generate):
    found, _ = generate((90, 95, 30, 20))
    hole = np.zeros((80, 120), bool)
    hole[20:60, 40:] = True
    assert np.array_equal(found[3] == 0, hole)
    assert not found[:3, hole].any()


def test_seeds_differ_and_the_same_seed_does_not(generate):
    first, _ = generate((10, 10, 20, 20), "a")
    again, _ = generate((10, 10, 20, 20), "b")
    other, _ = generate((10, 10, 20, 20), "c", seed=4)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_units_that_are_there_are_not_painted_again(generate, tmp_path):
    _, stage = generate((10, 10, 20, 20))
    (unit,) = stage.units()
    kept = (tmp_path / "units" / unit.name).read_bytes()
    (tmp_path / "units" / unit.name).write_bytes(kept[:10])
    stage.run(lambda percent, message: pytest.fail("painted again"), lambda done, total: None)
