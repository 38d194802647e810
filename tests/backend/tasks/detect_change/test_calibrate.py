"""Angles to probabilities."""

import numpy as np
import pytest

from backend.tasks.detect_change.calibrate import UNCHANGED, curve_of, separability
from backend.tasks.detect_change.method import NO_DATA, PER_DEGREE, STEPS, angle, averaged, to_bytes


def counts(degrees):
    return np.bincount(to_bytes(np.asarray(degrees, np.float32), True), minlength=STEPS + 1)


def test_the_curve_parts_two_heaps():
    drawn = np.random.default_rng(0)
    found = curve_of(counts(np.concatenate([drawn.normal(20, 4, 9000), drawn.normal(80, 5, 1000)])))
    assert found.usual == pytest.approx(20, abs=1)
    assert 30 < found.middle < 70
    table = found.table()
    assert len(table) == 256
    assert table[NO_DATA] == NO_DATA
    assert table[round(found.usual * PER_DEGREE)] == pytest.approx(UNCHANGED * STEPS, abs=1)
    assert table[int(80 * PER_DEGREE)] > 0.7 * STEPS
    assert table[: STEPS + 1] == sorted(table[: STEPS + 1])


def test_of_one_heap_little_is_changed():
    values = np.random.default_rng(0).normal(30, 6, 20000)
    assert (curve_of(counts(values)).probability(values) > 0.5).mean() < 0.1


def test_half_of_the_area_may_have_changed():
    """Wide heaps: robust deviations of all angles lie far beyond the second one."""
    drawn = np.random.default_rng(0)
    found = curve_of(counts(np.concatenate([drawn.normal(30, 7, 5200), drawn.normal(70, 7, 4800)])))
    assert 42 < found.middle < 58


def test_how_well_a_threshold_parts():
    values = np.array([1.0, 3.0, 11.0, 13.0])
    assert separability(np.ones(4, np.int64), values, 5.0) == pytest.approx(25 / 26)
    assert separability(np.array([0, 7, 0, 0]), values, 5.0) == 0


def test_pictures_that_agree_throughout_hold_no_change():
    table = curve_of(counts(np.zeros(100))).table()
    assert table[0] == pytest.approx(UNCHANGED * STEPS, abs=1)
    assert table[2] < STEPS / 2


def test_angles_of_vectors_of_any_length():
    one = np.array([[1, 2, 0], [0, 0, 3]], np.float32)
    np.testing.assert_allclose(angle(one, np.array([[5, -1, 1], [5, 0, 1]], np.float32)), [45, 180, 45], atol=1e-3)


def test_means_of_blocks_the_last_partial():
    found = averaged(np.arange(15, dtype=np.float32).reshape(1, 3, 5), 2)
    np.testing.assert_allclose(found[0], [[3, 5, 6.5], [10.5, 12.5, 14]])
