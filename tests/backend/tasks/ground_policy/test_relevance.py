import numpy as np

from backend.tasks.ground_policy.relevance import from_logits


def test_the_best_phrase_counts_and_no_data_stays():
    logits = np.array([[[0.0, 4.0, np.nan]], [[2.0, -4.0, np.nan]]], np.float32)
    found = from_logits(logits)
    assert np.allclose(found[0, :2], 1 / (1 + np.exp([-2.0, -4.0])))
    assert np.isnan(found[0, 2])


def test_features_are_compared_by_direction():
    dense = np.array([[3.0, 0.0, -5.0], [0.0, 2.0, 0.0]], np.float32)[:, None]
    assert np.allclose(from_features(dense, np.array([[10.0, 0.0]], np.float32)), [[1, 0, 0]])
    assert np.allclose(from_features(dense, np.array([[10.0, 0.0], [0.0, 1.0]], np.float32)), [[1, 1, 0]])


def test_what_else_is_there_takes_its_share():
    logits, others = np.full((1, 1, 2), 3.0, np.float32), np.array([[[3.0, -9.0]], [[-9.0, -9.0]]], np.float32)
    alone, shared = from_logits(logits), from_logits(logits, others)
    assert shared[0, 0] < 0.5 < shared[0, 1] < alone[0, 1]
