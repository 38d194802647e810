import pytest
from affine import Affine

from backend.geo.raster import Grid, Window
from backend.tasks.ground_policy.cost import cost, naive_pixels
from backend.tasks.ground_policy.resolution import CROP, SURROUNDINGS, WHOLE, Look, plan

AREA = Window(100, 40, 4096, 2160)
CROPS = [Window(500, 500, 512, 512), Window(3000, 1000, 512, 512)]
FINER = [Window(600, 600, 128, 128)]


def test_an_image_question_sees_the_whole_small():
    (look,) = plan("image", AREA, glance=100).looks
    assert (look.window, look.role, look.size) == (AREA, WHOLE, (53, 100))


def test_a_region_question_sees_crops_as_they_are_and_the_whole_at_a_quarter():
    looks = plan("region", AREA, CROPS).looks
    assert [(look.window, look.step, look.role) for look in looks] == [
        (AREA, 4, WHOLE),
        (CROPS[0], 1, CROP),
        (CROPS[1], 1, CROP),
    ]


def test_a_pixel_question_sees_finer_crops_their_surroundings_and_the_whole_at_a_sixteenth():
    looks = plan("pixel", AREA, CROPS, FINER).looks
    assert [(look.window, look.step, look.role) for look in looks] == [
        (AREA, 16, WHOLE),
        (CROPS[0], 4, SURROUNDINGS),
        (CROPS[1], 4, SURROUNDINGS),
        (FINER[0], 1, CROP),
    ]


def test_a_plan_grows_from_the_whole_alone():
    for name in ("region", "pixel"):
        assert plan(name, AREA).looks == plan(name, AREA, CROPS, FINER).looks[:1]


def test_looks_carry_their_georeference():
    source = Grid(5000, 3000, Affine(0.5, 0, 300000, 0, -0.5, 4000000), "EPSG:32645")
    grid = Look(Window(100, 40, 403, 210), 4, WHOLE).grid(source)
    assert (grid.width, grid.height, grid.crs) == (101, 53, "EPSG:32645")
    assert grid.transform @ (0, 0) == pytest.approx((300050, 3999980))
    assert grid.transform @ (1, 1) == pytest.approx((300052, 3999978))


def test_cost_counts_every_pixel_that_is_fed():
    found = cost(plan("pixel", AREA, CROPS, FINER))
    assert found.by_role == {WHOLE: 256 * 135, SURROUNDINGS: 2 * 128 * 128, CROP: 128 * 128}
    assert found.fed == sum(found.by_role.values())
    assert found.naive == 4096 * 2160
    assert found.saved == pytest.approx(1 - found.fed / found.naive)


def test_the_naive_run_pays_for_its_overlap():
    assert naive_pixels(Window(0, 0, 1024, 512), 512) == 1024 * 512
    assert naive_pixels(Window(0, 0, 1024, 512), 512, 128) == 3 * 512 * 512
    assert naive_pixels(Window(0, 0, 300, 200), 512, 128) == 300 * 200


def test_reading_everything_twice_saves_less_than_nothing():
    assert cost(plan("region", AREA, [AREA])).saved == pytest.approx(-1 / 16)
