import numpy as np
import pytest
import rasterio

from backend.geo.raster import Window
from backend.models.noise import Noise
from backend.tasks.generate.before import SourceBefore, absolute
from backend.tasks.generate.levels import levels
from backend.tasks.generate.painted import Painted
from backend.tasks.generate.sampler import Sampler
from backend.tasks.generate.stage import Stage
from backend.tasks.generate.units import Units
from backend.tasks.ground.area import Area


@pytest.fixture
def generate(reader, painter, tmp_path):
    """Return a function that paints an area and returns its pixels (4, h, w) and its stage."""

    def act(area, name="units", seed=3, batch=1, painter=painter):
        folder, place = tmp_path / name, absolute(reader)
        folder.mkdir(exist_ok=True)
        [level] = levels(reader.grid, place, Window(*area), 4)
        sampler = Sampler(painter, Noise(seed), 2, lambda col, row: 0.5)
        stage = Stage(Units(level, folder), SourceBefore(reader, Area(Window(*area))), sampler, batch)
        stage.run(lambda share: None, lambda done: None)
        with rasterio.open(Painted(stage.units, reader.grid, place).whole(), driver="VRT") as dataset:
            return dataset.read(), stage, dataset.transform

    return act


def test_a_larger_area_has_the_same_pixels(generate):
    small, _, transform = generate((90, 95, 30, 20), "small")
    large, _, _ = generate((60, 60, 80, 70), "large")
    assert np.array_equal(small, large[:, 140:220, 120:240])
    assert transform @ (0, 0) == (500_180, 4_999_810)
    assert transform.a == 0.5


def test_holes_stay_holes_and_cover_whole_pixels(generate):
    found, stage, _ = generate((90, 95, 30, 20))
    hole = np.zeros((80, 120), bool)
    hole[20:60, 40:] = True
    assert np.array_equal(found[3] == 0, hole)
    assert not found[:3, hole].any()
    assert stage.units.have("holes")


def test_seeds_differ_and_the_same_seed_does_not(generate):
    first, stage, _ = generate((10, 10, 20, 20), "a")
    again, _, _ = generate((10, 10, 20, 20), "b")
    other, _, _ = generate((10, 10, 20, 20), "c", seed=4)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert stage.units.have("data")
    assert not stage.units.have("holes")


def test_several_windows_at_once_paint_what_one_does(generate):
    one, _, _ = generate((10, 10, 50, 40), "one")
    three, _, _ = generate((10, 10, 50, 40), "three", batch=3)
    assert np.abs(one.astype(int) - three).max() <= 1


def test_units_that_are_there_are_not_painted_again(generate):
    _, stage, _ = generate((10, 10, 20, 20))
    (unit,) = stage.units
    kept = stage.units.path(unit).read_bytes()
    stage.units.path(unit).write_bytes(kept[:10])
    stage.run(lambda share: pytest.fail("painted again"), lambda done: None)


def test_windows_without_data_are_not_painted(generate, painter):
    class Counted:
        count = 0

        def condition(self, low):
            Counted.count += len(low)
            return painter.condition(low)

        noise = painter.noise

    found, stage, _ = generate((102, 102, 30, 5), painter=Counted())
    assert Counted.count == 0
    assert not found.any()
    assert not stage.units.have("data")
