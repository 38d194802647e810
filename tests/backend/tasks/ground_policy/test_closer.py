"""A large scene with few objects: fewer pixels are fed, and nothing is missed."""

import numpy as np
import pytest

from backend.geo.raster import Window
from backend.tasks.ground_policy.closer import Closeness, closer, planned
from backend.tasks.ground_policy.cost import cost
from backend.tasks.ground_policy.resolution import CROP, SURROUNDINGS, Look

SIDE = 4096
AREA = Window(0, 0, SIDE, SIDE)


@pytest.fixture(scope="module")
def scene():
    """Return one band of textured ground with seven bright objects of 24 to 90 pixels, and their places."""
    drawn = np.random.default_rng(7)
    image = drawn.integers(40, 90, (SIDE, SIDE), np.uint8)
    places = []
    for side in (24, 30, 36, 48, 60, 75, 90):
        row, column = drawn.integers(0, SIDE - side, 2)
        image[row : row + side, column : column + side] = 220
        places.append((slice(row, row + side), slice(column, column + side)))
    return image, places


def coarse(image, look, cell):
    """Return the means of cells as the pixels that are fed show them."""
    window = look.window
    part = image[window.row : window.row + window.height, window.col : window.col + window.width]
    side = look.step * cell
    rows, columns = (-(-length // side) for length in part.shape)
    padded = np.pad(part, ((0, rows * side - part.shape[0]), (0, columns * side - part.shape[1])), "edge")
    return padded.reshape(rows, side, columns, side).mean((1, 3), dtype=np.float32)


def relevance(image, cell=4):
    return lambda look: np.clip((coarse(image, look, cell) - 66) / 60, 0, 1)


def found(image, places, windows):
    """Return the share of objects that a model which sees bright pixels finds at least half of in the windows."""
    seen = np.zeros_like(image, bool)
    for window in windows:
        where = np.s_[window.row : window.row + window.height, window.col : window.col + window.width]
        seen[where] = image[where] > 150
    return np.mean([seen[place].mean() >= 0.5 for place in places])


@pytest.mark.parametrize("granularity", ["region", "pixel"])
def test_at_least_65_percent_fewer_pixels_at_equal_recall(scene, granularity):
    image, places = scene
    plan = planned(granularity, AREA, relevance(image), Closeness(least=0.1))
    crops = [look.window for look in plan.looks if look.role == CROP]
    assert found(image, places, crops) >= found(image, places, [AREA])
    assert cost(plan).saved >= 0.65


def test_pixel_feeds_less_than_region(scene):
    image, _ = scene
    fed = {g: cost(planned(g, AREA, relevance(image), Closeness(least=0.1))).fed for g in ("region", "pixel")}
    assert fed["pixel"] < fed["region"]


def test_finer_crops_lie_within_their_surroundings(scene):
    image, _ = scene
    looks = planned("pixel", AREA, relevance(image), Closeness(least=0.1)).looks
    around = [look.window for look in looks if look.role == SURROUNDINGS]
    for look in (look for look in looks if look.role == CROP):
        fine = look.window
        assert any(
            w.col <= fine.col
            and w.row <= fine.row
            and fine.col + fine.width <= w.col + w.width
            and fine.row + fine.height <= w.row + w.height
            for w in around
        )


def test_a_plan_is_the_same_again(scene):
    image, _ = scene
    assert planned("pixel", AREA, relevance(image)) == planned("pixel", AREA, relevance(image))


def test_an_image_question_asks_for_no_relevance():
    def never(look):
        raise AssertionError("asked")

    assert cost(planned("image", AREA, never)).saved > 0.98


def test_nothing_relevant_is_looked_at_no_closer():
    look = Look(AREA, 4, "whole")
    assert closer(look, np.full((256, 256), 0.2, np.float32), 512, Closeness()) == []
