import numpy as np

from backend.models.segearth_bias import common_direction, without_bias
from backend.models.segearth_classes import best_of_synonyms, class_map, probabilities


def logits(*values):
    return np.array(values, np.float32).reshape(len(values), 1, -1)


def test_the_softmax_is_over_all_words_and_synonyms_are_not_added():
    found = probabilities(logits(1.0, 2.0, 2.0), background=False)
    whole = np.exp(1) + 2 * np.exp(2)
    np.testing.assert_allclose(found[:, 0, 0], [np.exp(1) / whole, np.exp(2) / whole, np.exp(2) / whole], rtol=1e-6)
    best = best_of_synonyms(found, np.array([0, 1, 1]))
    np.testing.assert_allclose(best[:, 0, 0], [np.exp(1) / whole, np.exp(2) / whole], rtol=1e-6)


def test_the_implied_background_has_logit_zero():
    np.testing.assert_allclose(probabilities(logits(np.log(3)))[0, 0, 0], 0.75, rtol=1e-6)
    assert np.isfinite(probabilities(logits([900.0, -900.0]))).all()


def test_doubtful_pixels_become_background():
    found = logits([0.5, 0.2, 0.35], [0.3, 0.4, 0.35])
    assert class_map(found, 0.38, background=0).tolist() == [[0, 1, 0]]
    assert class_map(found, 0.45, background=1).tolist() == [[0, 1, 1]]


def test_what_all_places_share_is_taken_out():
    rng = np.random.default_rng(0)
    own, shared = rng.normal(size=(16, 8, 9)).astype(np.float32), rng.normal(size=16).astype(np.float32) * 3
    dense = own + shared[:, None, None]
    dense /= np.linalg.norm(dense, axis=0)
    dense[:, 0, 0] = np.nan
    common = common_direction(dense)
    np.testing.assert_allclose(np.linalg.norm(common), 1, rtol=1e-4)
    assert common @ shared / np.linalg.norm(shared) > 0.95
    question = rng.normal(size=16).astype(np.float32)
    plain, less = (np.tensordot(question, found, 1) for found in (dense, without_bias(dense, common)))
    np.testing.assert_allclose(less, plain - 0.3 * (question @ common), atol=1e-5)
