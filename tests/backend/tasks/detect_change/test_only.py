"""Buildings alone: their probability, what they became and were, and which methods tell them."""

import csv
import json

import numpy as np
import pyogrio
import pytest
import rasterio

from backend.errors import BadInput, Unavailable
from backend.geo.raster import Window
from backend.models.change_detector import ChangeMaps
from backend.tasks.detect_change.detected import Detected, change_of, tells
from backend.tasks.detect_change.moves import come_or_gone
from backend.tasks.detect_change.parameters import DetectParameters
from backend.tasks.ground.blend import Blended

CLASSES = ("field", "building", "water")
FIELD, HOUSE, LAKE = (60, 120, 60), (250, 120, 60), (60, 120, 250)
CAME, GONE, FLOODED = np.s_[10:34, 10:34], np.s_[10:34, 60:84], np.s_[60:90, 20:60]


class Seen:
    """Red is a building, blue is water, all else is field; change is of buildings, of other, or of both as one."""

    input_size, classes = 64, CLASSES

    def __init__(self, *kinds):
        self.kinds = kinds

    def detect(self, before, after, valid):
        was, now = (self._classes(picture) for picture in (before, after))
        other = was.argmax(0) != now.argmax(0)
        building = (was.argmax(0) == 1) != (now.argmax(0) == 1)
        found = {"none": ~other, "building": building, "other": other & ~building, "any": other}
        return ChangeMaps(np.stack([np.float32(found[kind]) * 0.9 for kind in self.kinds]), was, now)

    def _classes(self, picture):
        red, blue = picture[..., 0] > 200, picture[..., 2] > 200
        return np.stack([np.where(one, 0.8, 0.1) for one in (~red & ~blue, red, blue)]).astype(np.float32)


@pytest.fixture
def dates(desk):
    """One house comes, one goes and leaves water, and a field is flooded."""
    before, after = (np.full((100, 110, 3), FIELD, np.uint8) for _ in "ab")
    after[CAME], before[GONE], after[GONE], after[FLOODED] = HOUSE, HOUSE, LAKE, LAKE
    return desk.write("a.tif", before), desk.write("b.tif", after)


def moves(file):
    return {(row["from"], row["to"]) for row in csv.DictReader(file.read_text().splitlines())}


@pytest.mark.parametrize("kinds", [("none", "building", "other"), ("any",)])
def test_map_polygons_and_table_are_of_buildings_alone(desk, dates, kinds):
    method = Detected(Seen(*kinds), "building")
    polygons, raster, table, record = desk.run(*dates, method=method, only="building")
    with rasterio.open(raster) as found:
        values = found.read(1)
    assert values[12:32, 12:32].min() > 125
    assert values[12:32, 62:82].min() > 125
    assert values[40:].max() < 50
    assert moves(table) == {("field", "building"), ("building", "water")}
    fields = pyogrio.raw.read(polygons)[3]
    assert sorted(zip(fields[1], fields[2], strict=True)) == [("building", "water"), ("field", "building")]
    assert json.loads(record.read_text())["only"] == {"asked": "building", "told": "building"}
    any_change = desk.run(*dates, method=Detected(Seen(*kinds)), name="any.tif")
    assert moves(any_change[2]) == {("field", "building"), ("building", "water"), ("field", "water")}
    assert json.loads(any_change[-1].read_text())["only"] == {"asked": "any", "told": "any"}


def test_a_model_of_buildings_tells_them_whatever_is_asked(desk, dates):
    """As ChangeStar of one class: nothing but buildings is in its one map."""
    files = [
        desk.run(*dates, method=Detected(Seen("building"), only), only=only, name=f"{only}.tif")
        for only in ("any", "building")
    ]
    for one, other in zip(*(found[1:3] for found in files), strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert moves(files[0][2]) == {("field", "building"), ("building", "water")}
    assert json.loads(files[0][-1].read_text())["only"] == {"asked": "any", "told": "building"}


def maps(change, was, now):
    return ChangeMaps(*(np.float32(values)[:, None, None] for values in (change, was, now)))


def probability(kind, found, kinds):
    return change_of(kind, found, kinds, CLASSES)[0, 0, 0]


def test_the_probability_of_each_kind():
    kinds = "none", "building", "other"
    found = maps((0.2, 0.3, 0.5), (0.1, 0.8, 0.1), (0.6, 0.4, 0))
    assert probability("building", found, kinds) == pytest.approx(0.3)
    assert probability("any", found, kinds) == pytest.approx(0.8)
    one = maps((0.7,), (0.1, 0.8, 0.1), (0.6, 0.4, 0))
    assert probability("any", one, ("any",)) == pytest.approx(0.7)
    assert probability("building", one, ("any",)) == pytest.approx(0.7 * (0.8 * 0.6 + 0.4 * 0.2))
    damage = "none", "damage 1", "damage 2"
    assert probability("building", found, damage) == pytest.approx(0.8 * (0.8 * 0.6 + 0.4 * 0.2))


def blended(*columns):
    """Return maps of pixels, each a column of change, classes before and classes after."""
    values = np.float32(columns).T[:, None]
    ones = np.ones(values.shape[1:], np.float32)
    return Blended(values, ones, ones > 0, 0, 0, 1, Window(0, 0, len(columns), 1))


def test_a_building_is_at_the_date_that_has_more_of_it_and_the_best_other_class_at_the_other():
    found = blended(
        (0.9, 0.1, 0.8, 0.1, 0.1, 0.2, 0.7),  # a building becomes water
        (0.9, 0.3, 0.4, 0.3, 0.1, 0.5, 0.4),  # building is likelier later, though the likeliest of both dates
        (0.9, 0.0, 0.3, 0.7, 0.6, 0.2, 0.2),  # it is the likeliest of neither
    )
    was, now = come_or_gone(found, 1, 1)
    assert was.tolist() == [[2, 1, 2]]
    assert now.tolist() == [[3, 2, 1]]


def test_without_other_classes_there_is_no_name_for_what_else_is_there():
    was, now = come_or_gone(blended((0.9, 0.7, 0.2), (0.9, 0.2, 0.7)), 1, 0)
    assert (was.tolist(), now.tolist()) == ([[1, 0]], [[0, 1]])


def test_units_of_any_change_are_not_taken_for_those_of_buildings(desk, dates, monkeypatch):
    def full(*_):
        raise Unavailable("disk_full", "full", status=507)

    model = Seen("none", "building", "other")
    with monkeypatch.context() as patch:
        patch.setattr("backend.tasks.detect_change.job.write_results", full)
        with pytest.raises(Unavailable):
            desk.run(*dates, method=Detected(model))
    files = desk.run(*dates, method=Detected(model, "building"), only="building")
    assert ("field", "water") not in moves(files[2])


def test_who_tells_buildings():
    assert tells("building", Seen("any"))
    assert tells("any", Seen("any"))
    model = Seen("none", "other")
    model.classes = ("field", "house")
    assert not tells("building", model)


@pytest.mark.parametrize("method", ["distance", "segments"])
def test_methods_without_classes_refuse(method):
    with pytest.raises(
        BadInput, match=f"{method} knows no buildings; choose the method detector, or leave only at any"
    ):
        DetectParameters.parse({"method": method, "only": "building", "classes": "building;field"})
    assert DetectParameters.parse({"method": method, "only": "any"}).only == "any"
    assert DetectParameters.parse({"method": "detector", "only": "building"}).only == "building"
