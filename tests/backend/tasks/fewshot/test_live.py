"""Classes of a view while a person clicks, on a real file of vectors."""

import json

import numpy as np
import pytest

from backend.errors import BadInput
from backend.protocol.asks import ClassesRequest, ClassExamples, View
from backend.protocol.prompts import Box, Point
from backend.protocol.wire import dump
from backend.tasks.fewshot.live import LiveClasses
from backend.tasks.search.live_field import LiveField
from backend.tasks.vectors.open import open_vectors
from tests.backend import fields

EXTENT = Box(fields.LEFT, fields.TOP - 400, fields.LEFT + 600, fields.TOP)
VIEW = View(EXTENT, 60, 40)


@pytest.fixture
def live(tmp_path):
    fields.write_field(tmp_path / "e.tif", fields.vectors())
    opened = LiveField(open_vectors(tmp_path / "e.tif"))
    yield opened
    opened.close()


def shown(each=4):
    clicks = fields.clicks(each)
    return tuple(
        ClassExamples(name, tuple(Point(point.x, point.y) for own, point in clicks if own == name))
        for name in fields.NAMES
    )


def square(column, row):
    corners = [(column, row), (column + 8, row), (column + 8, row + 8), (column, row + 8), (column, row)]
    return (tuple(fields.place(*corner) for corner in corners),)


def asked(classes, request, steps=lambda: None):
    header, image = classes.answer(request, steps)
    return header, np.frombuffer(image, np.uint8).reshape(header.rows, header.columns)


def test_clicks_make_a_map_at_once(live):
    header, image = asked(LiveClasses(live), ClassesRequest(VIEW, 7, shown()))
    assert (header.sequence, header.names, header.examples) == (7, fields.NAMES, (4, 4, 4))
    assert header.extent == EXTENT
    assert (image[:-1] == fields.truth()[:-1]).mean() > 0.9
    assert (image[-1] == 255).all()
    assert 0.7 < header.accuracy <= 1


def test_areas_beside_clicks(live):
    first, *rest = shown()
    header, image = asked(
        LiveClasses(live), ClassesRequest(VIEW, 1, (ClassExamples("land", first.points, (square(3, 3),)), *rest))
    )
    assert header.examples[0] > 60
    assert (image[:-1] == fields.truth()[:-1]).mean() > 0.9


def test_few_areas_are_remembered(live, monkeypatch):
    many = (ClassExamples("land", (), tuple(square(3, row) for row in range(6))), *shown()[1:])
    whole, image = asked(LiveClasses(live), ClassesRequest(VIEW, 1, many))
    monkeypatch.setattr("backend.tasks.fewshot.live.REMEMBERED", 2)
    classes = LiveClasses(live)
    header, same = asked(classes, ClassesRequest(VIEW, 1, many))
    assert len(classes._areas) == 2
    assert header.examples == whole.examples
    assert np.array_equal(image, same)


@pytest.mark.parametrize(("quotes", "kept"), [(7000, True), (8000, False)])
def test_a_classifier_travels_where_its_header_is_short(live, quotes, kept):
    first, *rest = shown()
    named = ClassExamples('"' * quotes, first.points)
    header, _ = asked(LiveClasses(live), ClassesRequest(VIEW, 1, (named, *rest)))
    assert bool(header.classifier) == kept
    assert ("too long to be kept from here" in header.notice) != kept
    assert len(json.dumps(dump(header))) < 65_536


def test_what_was_learnt_draws_other_views_and_files(live, tmp_path):
    classes = LiveClasses(live)
    header, image = asked(classes, ClassesRequest(VIEW, 1, shown()))
    again, same = asked(LiveClasses(live), ClassesRequest(VIEW, 2, saved=header.classifier))
    assert np.array_equal(image, same)
    assert (again.names, again.accuracy, again.classifier) == (header.names, header.accuracy, header.classifier)
    half = Box(EXTENT.x0, EXTENT.y0 + 200, EXTENT.x0 + 300, EXTENT.y1)
    moved, part = asked(classes, ClassesRequest(View(half, 30, 20), 3, shown()))
    assert moved.classifier == header.classifier
    assert np.array_equal(part, image[:20, :30])


def test_one_more_click_is_learnt(live):
    classes = LiveClasses(live)
    before, _ = asked(classes, ClassesRequest(VIEW, 1, shown(2)))
    after, _ = asked(classes, ClassesRequest(VIEW, 2, shown(3)))
    assert (before.examples, after.examples) == ((2, 2, 2), (3, 3, 3))


def test_too_few_to_tell(live):
    header, _ = asked(LiveClasses(live), ClassesRequest(VIEW, 1, shown(1)))
    assert header.accuracy == -1
    assert header.notice.startswith("Show every class twice at least")


def test_a_newer_question_stops_an_older(live):
    def newer():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        LiveClasses(live).answer(ClassesRequest(VIEW, 1, shown()), newer)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (ClassesRequest(VIEW, 1, shown()[:1]), "A classifier needs examples of two classes at least"),
        (ClassesRequest(VIEW, 1), "there is none"),
        (ClassesRequest(VIEW, 1, saved="{}"), "'The saved classifier' is no classifier"),
        (ClassesRequest(VIEW, 1, (*shown(), ClassExamples("x", (Point(0, 0),)))), "The point 0, 0 lies outside"),
        (ClassesRequest(VIEW, 1, (ClassExamples("x", (), (((0, 0), (1, 1)),)),)), "three corners"),
    ],
)
def test_what_is_wrong_is_said(live, request_, sentence):
    with pytest.raises(BadInput) as error:
        LiveClasses(live).answer(request_, lambda: None)
    assert sentence in error.value.detail
