"""Things drawn anew by a segmenter: their outlines, which of them stay, and when it stops."""

import numpy as np
import pytest
import shapely

from backend.errors import Cancelled
from backend.geo.reader import SourceReader
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol.source import Source
from backend.tasks.ground.instances import Instance
from backend.tasks.ground.redraw import Redrawer, distinct, redrawn

ROOF = shapely.box(60, 40, 120, 90)
EVERYWHERE = shapely.box(0, 0, 300, 220)


def thing(shape, score=0.9, phrase=0):
    return Instance(phrase, (shape,), score, score)


@pytest.fixture
def redraw(scene, tmp_path):
    path = scene([((60, 40, 120, 90), "red")])
    with SourceReader(Source(path=str(path)), path) as reader:
        model = LoadedModels(catalog(tmp_path), tmp_path).get("classic", "cpu")
        yield Redrawer(reader, model, "classic")


def run(redraw, found, things=(True, False), threshold=0.0, border=EVERYWHERE, on_thing=lambda: None):
    return list(redrawn(found, redraw, things, threshold, border, on_thing))


def iou(one, other):
    return one.intersection(other).area / one.union(other).area


def test_a_rough_blob_becomes_the_thing_it_lies_on(redraw):
    rough = thing(shapely.Point(85, 68).buffer(24))
    (found,) = run(redraw, [rough])
    assert iou(shapely.MultiPolygon(rough.polygons), ROOF) < 0.65
    assert iou(shapely.MultiPolygon(found.polygons), ROOF) > 0.95
    assert found.score == pytest.approx((rough.score * 1.0) ** 0.5)  # `classic` is sure of an even colour


def test_a_mask_of_something_else_leaves_the_thing_as_it_was(redraw):
    speck = thing(shapely.box(84, 60, 94, 70))
    (found,) = run(redraw, [speck])
    assert shapely.MultiPolygon(found.polygons).equals(speck.polygons[0])


def test_two_peaks_of_one_thing_are_one(redraw):
    halves = [thing(shapely.box(60, 40, 88, 90), 0.8), thing(shapely.box(92, 40, 120, 90), 0.9)]
    (found,) = run(redraw, halves)
    assert iou(shapely.MultiPolygon(found.polygons), ROOF) > 0.95


def test_stuff_stays_and_what_scores_too_little_goes(redraw):
    stuff = thing(shapely.Point(85, 68).buffer(24), phrase=1)
    assert run(redraw, [thing(ROOF), stuff], threshold=0.95) == [stuff]


def test_what_lies_beyond_the_area_is_cut_off(redraw):
    (found,) = run(redraw, [thing(shapely.box(60, 40, 90, 90))], border=shapely.box(0, 0, 90, 220))
    assert shapely.MultiPolygon(found.polygons).bounds[2] == 90


def test_it_stops_between_things(redraw):
    asked = []

    def stop():
        asked.append(1)
        if len(asked) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(redraw, [thing(ROOF)] * 3, on_thing=stop)
    assert len(asked) == 2


def test_the_best_of_much_the_same_stays_in_its_place():
    drawn = np.random.default_rng(0)
    apart = [thing(shapely.box(40 * i, 0, 40 * i + 20, 20), float(drawn.uniform(0.5, 0.8))) for i in range(4)]
    again = thing(shapely.box(41, 0, 61, 20), 0.9)
    assert distinct([*apart, again]) == [apart[0], apart[2], apart[3], again]
