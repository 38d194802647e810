"""Coverage `relevant`: what a coarse look finds is read closely, everywhere else the coarse look stands."""

import json

import numpy as np
import pytest
import rasterio

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.ground import GroundedAnswer
from backend.protocol.wire import load
from backend.tasks.ground.closer_look import share_of
from backend.tasks.tiles import TileLattice
from tests.backend.tasks.ground.conftest import Colours
from tests.backend.tasks.ground.test_job import in_metres, iou, objects

OBJECTS = {"phrases": "red; green", "granularity": "region"}
WIDE = {"width": 1000, "height": 800}
FEW = [((100, 80, 190, 150), "red"), ((700, 600, 790, 670), "red"), ((860, 300, 920, 390), "green")]

LARGE = {"width": 2400, "height": 2400}
SCATTERED = [((300, 1500, 390, 1570), "red"), ((2100, 200, 2200, 270), "red"), ((1400, 2250, 1460, 2340), "green")]

KEEN = {"region": 0, "pixel": 60}
"""Objects are some pixels wide from 16 times further away."""


def answer_of(run):
    return load(GroundedAnswer, json.loads((run.folder / "answer.json").read_text()))


@pytest.mark.parametrize(
    ("granularity", "few", "size"), [("region", FEW, WIDE), ("pixel", FEW, WIDE), ("pixel", SCATTERED, LARGE)]
)
def test_at_least_65_percent_fewer_pixels_and_the_same_objects(scene, ground, granularity, few, size):
    path = scene(few, **size)
    wanted = {"phrases": "red; green", "granularity": granularity}
    full = ground(path, "full", Colours(keen=KEEN[granularity]), unit_side=512, **wanted)
    model = Colours(keen=KEEN[granularity])
    part = ground(path, "part", model=model, unit_side=512, coverage="relevant", **wanted)
    (_, shapes), (naive_rows, naive_shapes) = objects(part), objects(full)
    assert len(naive_rows) == len(few)
    for box, _ in few:
        assert max(iou(shape, in_metres(box)) for shape in shapes) > 0.75
        assert max(iou(shape, in_metres(box)) for shape in naive_shapes) > 0.75
    answer = answer_of(part)
    assert answer.pixels_naive == answer_of(full).pixels_read == answer_of(full).pixels_naive
    assert 1 - answer.pixels_read / answer.pixels_naive >= 0.65
    assert model.pixels - 64 * 64 == answer.pixels_read  # the fingerprint's picture is none of the source


def test_a_tile_that_is_read_answers_as_in_the_naive_run(scene, ground):
    path = scene(FEW, **WIDE)
    full = ground(path, "full", unit_side=512, **OBJECTS).read("scores.tif")
    part = ground(path, "part", unit_side=512, coverage="relevant", **OBJECTS).read("scores.tif")
    assert part.shape == full.shape
    assert np.array_equal(part[:, 85:145, 105:185], full[:, 85:145, 105:185])
    assert not np.array_equal(part, full)
    assert (part != 255).all()


def test_where_the_area_starts_and_how_it_is_cut_changes_nothing(scene, ground):
    path = scene(FEW, **WIDE, hole=(0, 400, 333, 800))
    for granularity in ("region", "pixel"):
        wanted = {"phrases": "red; green", "granularity": granularity, "coverage": "relevant"}
        whole = ground(path, f"whole {granularity}", Colours(0.2, KEEN[granularity]), unit_side=512, **wanted)
        for name, (left, top, right, bottom), side in (("a", (24, 24, 890, 700), 400), ("b", (7, 13, 911, 333), 512)):
            area = ",".join(str(value) for value in in_metres((left, top, right, bottom)).bounds)
            part = ground(
                path, f"{name} {granularity}", Colours(0.2, KEEN[granularity]), unit_side=side, area=area, **wanted
            )
            for raster in ("classes.tif", "scores.tif", "best.tif"):
                assert np.array_equal(part.read(raster), whole.read(raster)[:, top:bottom, left:right])


def test_what_holds_no_data_stays_so_to_the_pixel(scene, ground):
    path = scene(FEW, **WIDE, hole=(301, 203, 507, 395))
    part = ground(path, "part", unit_side=512, coverage="relevant", **OBJECTS).read("best.tif")[0]
    assert (part[203:395, 301:507] == 0).all()
    part[203:395, 301:507] = 1
    assert (part > 0).all()


def test_holes_that_the_coarse_look_steps_over_stay_holes(scene, ground):
    path = scene(FEW, **WIDE)
    with rasterio.open(path, "r+") as source:
        image = source.read()
        image[:, 400:790:9, 300:600:9] = 0
        image[:, :, 401] = 0
        source.write(image)
    for granularity in ("region", "pixel"):
        wanted = {"phrases": "red; green", "granularity": granularity, "coverage": "relevant"}
        best = ground(path, granularity, unit_side=512, **wanted).read("best.tif")[0]
        assert np.array_equal(best > 0, (image > 0).any(0))


def test_a_run_that_was_stopped_tells_the_same_cost(scene, ground, tmp_path):
    path, kept = scene(FEW, **WIDE), tmp_path / "kept"
    wanted = {"coverage": "relevant", "unit_side": 512, **OBJECTS}
    through = ground(path, "through", **wanted)

    def at_half(run):
        if run.partials and run.partials[-1].done >= run.partials[-1].total / 2:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ground(path, "stopped", kept=kept, stop=at_half, **wanted)
    again = ground(path, "again", kept=kept, **wanted)
    assert (again.folder / "answer.json").read_bytes() == (through.folder / "answer.json").read_bytes()


def test_the_answer_says_where_it_was_looked_closely(scene, ground):
    path = scene(FEW, **WIDE)
    answer = answer_of(ground(path, "part", unit_side=2048, coverage="relevant", **OBJECTS))
    assert 1 <= len(answer.looked) <= 3
    best = answer.looked[0]
    assert 500000 <= best.x0 < best.x1 <= 500600
    with rasterio.open(path) as source:
        assert best.y1 <= source.bounds.top
    assert answer_of(ground(path, "full", unit_side=512, **OBJECTS)).looked == ()


def test_record_and_progress_tell_the_cost(scene, ground):
    said = []
    path = scene(FEW, **WIDE)
    run = ground(path, stop=lambda found: said.append(found.message), unit_side=512, coverage="relevant", **OBJECTS)
    answer = answer_of(run)
    record = json.loads((run.folder / "run.json").read_text())
    assert record["cost"] == {"pixels_read": answer.pixels_read, "pixels_naive": answer.pixels_naive}
    assert any(message.endswith("% of the pixels read") for message in said)


def test_an_image_question_is_answered_by_a_caption_a_region_s_by_boxes(scene, ground):
    path = scene([((0, 0, 600, 800), "red"), *FEW[1:]], **WIDE)
    whole = answer_of(ground(path, "whole", unit_side=512, phrases="red; green; blue", granularity="image"))
    assert whole.caption.startswith("Mostly red (6")
    assert whole.caption.endswith("Not found: blue.")
    assert whole.items == ()
    assert whole.phrases[0].confidence > 0.9
    items = answer_of(ground(path, "things", unit_side=512, **OBJECTS)).items
    boxes = {(one.phrase, one.box.x0 < 500200) for one in items}
    assert {("red", True), ("red", False), ("green", False)} <= boxes


def test_an_example_is_for_reading_everything(scene, ground):
    with pytest.raises(BadInput) as raised:
        ground(scene(FEW), example=in_metres((100, 80, 150, 130)).wkt, granularity="pixel", coverage="relevant")
    assert raised.value.code == codes.PARAMETER_INVALID
    assert "coverage" in raised.value.detail


def test_shares_of_tiles_add_up_to_one():
    lattice = TileLattice.over(300, 220, 64, 1, (0, 0))
    total = np.zeros((55, 75))
    for tile in lattice.covering(0, 0, 300, 220):
        share = share_of(lattice, tile)
        total[tile.row // 4 : tile.row // 4 + share.shape[0], tile.col // 4 : tile.col // 4 + share.shape[1]] += share
    assert np.allclose(total, 1, atol=1e-5)
