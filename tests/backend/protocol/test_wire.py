"""Messages to JSON and back: what is wrong is named by its place."""

import json
import sys

import pytest

from backend.protocol import wire
from backend.protocol.jobs import JobRequest
from backend.protocol.prompts import Box, Point, Prompts
from backend.protocol.sessions import PredictRequest, PredictResponse
from backend.protocol.source import Source, Stretch

RING = tuple((600_000.5 + k, 4_000_000.25 - k) for k in range(100))
WRONG = [
    ([], "'the message' must be an object"),
    ({}, "missing field 'prompts'"),
    ({"prompts": {}, "sequence": 1, "colour": 2, "blue": 1}, "unknown field 'blue'"),
    ({"prompts": {}, "sequence": 1.0}, "'sequence' must be a whole number"),
    ({"prompts": {}, "sequence": True}, "'sequence' must be a whole number"),
    ({"prompts": {}, "sequence": 1, "mask": None}, "'mask' must be text"),
    ({"prompts": {}, "sequence": 1, "hover": 1}, "'hover' must be true or false"),
    ({"prompts": {}, "sequence": 1, "parameters": []}, "'parameters' must be an object"),
    ({"prompts": {"points": {}}, "sequence": 1}, "'prompts.points' must be a list"),
    ({"prompts": {"points": [{"x": 1, "y": 2}, {"x": 1}]}, "sequence": 1}, "missing field 'prompts.points[1].y'"),
    ({"prompts": {"points": [{"x": "1", "y": 2}]}, "sequence": 1}, "'prompts.points[0].x' must be a finite number"),
    ({"prompts": {"points": [{"x": 10**400, "y": 2}]}, "sequence": 1}, "'prompts.points[0].x' must be a finite number"),
    ({"prompts": {"points": [{"x": float("nan"), "y": 2}]}, "sequence": 1}, "x' must be a finite number"),
    ({"prompts": {"points": [{"x": False, "y": 2}]}, "sequence": 1}, "x' must be a finite number"),
    ({"prompts": {"box": {"x0": 1, "{}": 2}}, "sequence": 1}, "unknown field 'prompts.box.{}'"),
]


@pytest.mark.parametrize(
    "message",
    [
        PredictRequest(
            Prompts(points=(Point(1.5, -2e300, 0), Point(3.0, 4.0)), box=Box(0.0, 1.0, 2.0, 3.0)), 7, "m1", True
        ),
        PredictResponse(3, ((RING, RING[::-1]), (RING,)), 0.5, 12.0),
        JobRequest("segment", source=Source("a.tif", bands=(3, 2, 1), stretch=(Stretch(0.0, 9.0),), origin=(5, 6))),
        JobRequest("segment", parameters={"outline": "smooth", "nested": {"any": [1, None]}}),
    ],
)
def test_messages_come_back_as_they_were(message):
    assert wire.load(type(message), json.loads(json.dumps(wire.dump(message)))) == message


@pytest.mark.parametrize(("data", "sentence"), WRONG)
def test_what_is_wrong_is_named_by_its_place(data, sentence):
    with pytest.raises(wire.WireError) as error:
        wire.load(PredictRequest, data)
    assert str(error.value).endswith(sentence)


@pytest.mark.parametrize(
    ("corner", "sentence"),
    [
        ([1.0], "'polygons[0][0][2]' must be a list of 2"),
        (1.0, "'polygons[0][0][2]' must be a list"),
        ([1.0, None], "'polygons[0][0][2][1]' must be a finite number"),
        ([-float("inf"), 1.0], "'polygons[0][0][2][0]' must be a finite number"),
    ],
)
def test_a_wrong_corner_is_found_among_many(corner, sentence):
    data = wire.dump(PredictResponse(3, ((RING,),), 0.5, 12.0))
    data["polygons"][0][0][2] = corner
    with pytest.raises(wire.WireError, match=r"polygons") as error:
        wire.load(PredictResponse, data)
    assert str(error.value) == sentence


def test_whole_numbers_become_floats_where_floats_are_meant():
    point = wire.load(Point, {"x": 1, "y": sys.float_info.max})
    assert (type(point.x), point.y) == (float, sys.float_info.max)
