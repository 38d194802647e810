"""A classifier's file: what was written is read, and nothing else is."""

import json

import numpy as np
import pytest

from backend.errors import BadInput
from backend.tasks.fewshot.classifier import parse_classifier
from backend.tasks.fewshot.examples import Examples
from backend.tasks.fewshot.learning import learnt
from backend.tasks.vectors.identity import Identity


@pytest.fixture
def classifier():
    vectors = np.random.default_rng(0).normal(size=(20, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    examples = Examples(vectors, np.arange(20) % 3, np.arange(20), ("Wald ä", "水", "c"))
    return learnt(examples, Identity("mini", "abc", 6))


def test_what_was_written_is_read(classifier):
    found = parse_classifier(classifier.text(), "k.json")
    assert np.array_equal(found.weights, classifier.weights)
    assert np.array_equal(found.intercepts, classifier.intercepts)
    for name in ("identity", "names", "colours", "examples", "strength", "accuracy", "created"):
        assert getattr(found, name) == getattr(classifier, name)
    assert len(classifier.text()) < 1500


def change(text, **values):
    content = json.loads(text)
    for path, value in values.items():
        place = content
        *steps, last = path.split("__")
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value
    return json.dumps(content)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: "", "it is no JSON, or cut off"),
        (lambda text: text[:-20], "it is no JSON, or cut off"),
        (lambda text: "[" * 100_000, "it is no JSON, or cut off"),
        (lambda text: "[1]", "it is another kind of file"),
        (lambda text: '{"type": "FeatureCollection"}', "it is another kind of file"),
        (lambda text: change(text, version=2), "it is of version 2, and this Toposcope knows 1"),
        (lambda text: change(text, weights=[[1, 2]]), "it is damaged"),
        (lambda text: change(text, weights__0__1="x"), "it is damaged"),
        (lambda text: change(text, weights__0__1=None), "it is damaged"),
        (lambda text: change(text, weights__0__1=1e300), "it is damaged"),
        (lambda text: change(text, intercepts__0=float("nan")), "it is damaged"),
        (lambda text: change(text, vectors__width=7), "it is damaged"),
        (lambda text: change(text, vectors=None), "it is damaged"),
        (lambda text: change(text, classes__0__name="c"), "it is damaged"),
        (lambda text: change(text, classes__0__colour="red"), "it is damaged"),
        (lambda text: change(text, classes__0={}), "it is damaged"),
        (lambda text: change(text, accuracy=7), "it is damaged"),
        (lambda text: change(text, created=5), "it is damaged"),
    ],
)
def test_anything_else_is_refused(classifier, damage, why):
    with pytest.raises(BadInput) as error:
        parse_classifier(damage(classifier.text()), "k.json")
    assert error.value.detail == f"'k.json' is no classifier that can be used: {why}; save it again."
