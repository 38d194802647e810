"""Touching things come apart where their scores have two peaks; stuff does not."""

import numpy as np
import pytest

from backend.models.mini_graphs import FOLDER
from backend.tasks.ground.quantise import SCORES, least_logit, least_score, to_bytes, to_logits
from backend.tasks.ground.seams import same_objects
from backend.tasks.ground.split import split
from backend.tasks.ground.things import are_things

LEAST = least_logit(0.5)


def two_bumps(gap):
    """Return logits of two round things whose middles are 40 pixels apart and that meet at the logit `gap`."""
    rows, columns = np.mgrid[:80, :120]
    far = np.minimum(np.hypot(rows - 40, columns - 40), np.hypot(rows - 40, columns - 80))
    return to_bytes((6 - (6 - gap) * (far / 20) ** 2).astype(np.float32))


def test_two_peaks_are_two_things_and_one_stuff():
    logits = two_bumps(gap=2.0)
    things = split(logits, LEAST, 4, (0, 0), things=True)
    assert things.max() == 2
    assert things[40, 40] != things[40, 80]
    assert split(logits, LEAST, 4, (0, 0), things=False).max() == 1


def test_a_plateau_is_one_thing():
    logits = np.zeros((80, 120), np.uint8)
    logits[20:60, 20:100] = to_bytes(
        np.float32(6) + np.random.default_rng(0).normal(0, 0.02, (40, 80)).astype(np.float32)
    )
    assert split(logits, LEAST, 4, (0, 0), things=True).max() == 1


def test_where_the_window_starts_changes_nothing_further_in():
    logits = two_bumps(gap=2.0)
    whole = split(logits, LEAST, 4, (0, 0), things=True)
    part = split(logits[3:, 6:], LEAST, 4, (6, 3), things=True)
    pairs = same_objects(whole[3:, 6:], part)
    assert sorted(pairs) == [(1, 1), (2, 2)]
    assert ((whole[3:, 6:] > 0) == (part > 0))[4:, 4:].mean() > 0.999


def test_specks_are_noise_and_what_is_no_data_is_nothing():
    logits = np.zeros((80, 120), np.uint8)
    logits[10:14, 10:14] = 200
    logits[40:60, 40:60] = 200
    assert split(logits, LEAST, 4, (0, 0), things=False).max() == 1
    assert split(np.zeros((8, 8), np.uint8), LEAST, 4, (0, 0), things=True).max() == 0


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5, 0.73, 0.99, 1.0])
def test_a_threshold_means_the_same_on_logits_and_on_scores(threshold):
    values = np.arange(1, 252, dtype=np.uint8)
    assert np.array_equal(values >= least_logit(threshold), SCORES[values] >= least_score(threshold))


def test_bytes_keep_logits_within_a_step():
    logits = np.linspace(-9.9, 9.9, 1000, dtype=np.float32)
    assert np.abs(to_logits(to_bytes(logits)) - logits).max() <= 0.0401


@pytest.mark.skipif(not (FOLDER / "text.json").is_file(), reason="Mini's weights are not here")
def test_things_and_stuff():
    assert all(are_things(phrase) for phrase in ("houses", "parked aircraft", "olive trees", "people"))
    assert not any(are_things(phrase) for phrase in ("lakes", "flooded fields", "asphalt", "grassland"))


def test_low_peaks_are_things_where_things_are_small():
    logits = two_bumps(gap=5.5)
    assert split(logits, LEAST, 4, (0, 0), things=True).max() == 1
    assert split(logits, LEAST, 4, (0, 0), things=True, small=True).max() == 2
