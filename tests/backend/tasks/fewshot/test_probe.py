"""The probe: what it learns, and whether its score is honest."""

import numpy as np
import pytest

from backend.tasks.fewshot.examples import Examples
from backend.tasks.fewshot.probe import folds_of, learn


def drawn(count, classes=4, width=32, spread=2.0, seed=0, copies=1):
    """Return examples around a centre a class, each shown `copies` times as one polygon, and more to check with."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(classes, width))

    def some(number):
        kinds = np.arange(number) % classes
        values = centres[kinds] + spread * generator.normal(size=(number, width))
        return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32), kinds

    values, kinds = some(count)
    names = tuple(f"c{index}" for index in range(classes))
    groups = np.repeat(np.arange(count), copies)
    return Examples(values[groups], kinds[groups], groups, names), *some(2000)


def probabilities(probe, vectors):
    logits = vectors @ probe.weights.T + probe.intercepts
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


@pytest.mark.parametrize("classes", [2, 4])
def test_it_tells_classes_apart_and_knows_how_well(classes):
    examples, vectors, kinds = drawn(60, classes)
    probe = learn(examples)
    found = probabilities(probe, vectors)
    right = found.argmax(1) == kinds
    assert right.mean() > 0.75
    assert abs(probe.accuracy - right.mean()) < 0.12
    assert abs(found.max(1).mean() - right.mean()) < 0.1


def test_fewer_examples_than_numbers():
    examples, vectors, kinds = drawn(24, width=256, spread=1.0)
    probe = learn(examples)
    assert probe.weights.shape == (4, 256)
    assert (probabilities(probe, vectors).argmax(1) == kinds).mean() > 0.8


def test_copies_within_a_polygon_do_not_flatter():
    """Labels mean nothing here: only copies of the held-out vectors could be told."""
    examples, _, _ = drawn(40, copies=10)
    labels = np.random.default_rng(5).permutation(np.arange(40) % 4)[examples.groups]
    mixed = Examples(examples.vectors, labels, examples.groups, examples.names)
    assert learn(mixed).accuracy < 0.5
    alone = Examples(mixed.vectors, mixed.classes, np.arange(400), mixed.names)
    assert learn(alone).accuracy > 0.9


def test_folds_hold_whole_polygons_and_every_class():
    examples, _, _ = drawn(12, copies=7)
    folds = folds_of(examples)
    for group in range(12):
        assert len(set(folds[examples.groups == group])) == 1
    for fold in range(folds.max() + 1):
        assert set(examples.classes[folds != fold]) == {0, 1, 2, 3}


def test_a_large_class_does_not_win_by_its_size():
    examples, vectors, _ = drawn(200, spread=3.0)
    few = np.flatnonzero((examples.classes == 0) | (np.arange(200) < 40))
    uneven = Examples(examples.vectors[few], examples.classes[few], examples.groups[few], examples.names)
    found = probabilities(learn(uneven), vectors).argmax(1)
    assert np.bincount(found, minlength=4).max() / len(found) < 0.4


def test_a_class_shown_once_leaves_the_score_open():
    examples, _, _ = drawn(7, classes=4)
    assert learn(examples).accuracy is None


def test_the_same_examples_give_the_same_probe():
    examples, _, _ = drawn(60)
    one, other = learn(examples), learn(examples)
    assert np.array_equal(one.weights, other.weights)
    assert one.accuracy == other.accuracy
