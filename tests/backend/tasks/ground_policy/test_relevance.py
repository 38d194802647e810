import numpy as np

from backend.tasks.ground_policy.relevance import from_logits


def test_the_best_phrase_counts_and_no_data_stays():
    logits = np.array([[[0.0, 4.0, np.nan]], [[2.0, -4.0, np.nan]]], np.float32)
    found = from_logits(logits)
    assert np.allclose(found[0, :2], 1 / (1 + np.exp([-2.0, -4.0])))
    assert np.isnan(found[0, 2])


def test_a_place_is_as_relevant_in_whatever_view():
    logits = np.random.default_rng(1).normal(size=(2, 8, 8)).astype(np.float32)
    assert np.array_equal(from_logits(logits)[2:5, 3:7], from_logits(logits[:, 2:5, 3:7]))
