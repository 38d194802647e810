"""Relevance of a coarse look: by logits, or by attention where a model attends."""

import numpy as np
import pytest

from backend.tasks.ground.glance import Glance
from backend.tasks.ground.scorer import Scorer
from tests.backend.tasks.ground.conftest import Colours

VALID = np.ones((32, 32), bool)


def picture():
    image = np.full((32, 32, 3), 80, np.uint8)
    image[8:20, 8:20] = (220, 20, 20)
    return image


def test_the_last_band_is_how_likely_the_best_phrase_is():
    model = Colours()
    found = Glance(Scorer(model, model.phrases(["green", "red"])))(picture(), VALID)
    assert found.shape == (3, 8, 8)
    assert np.allclose(found[2], 1 / (1 + np.exp(-found[:2].max(0))), atol=1e-6)
    assert found[2, 3, 3] > 0.9 > 0.1 > found[2, 7, 7]


def test_a_model_that_attends_is_asked_for_its_attention():
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from backend.device import cpu
    from backend.models.segearth import SegEarth
    from tests.backend.models.tiny_clip import tiny_clip

    model = SegEarth(tiny_clip(), None, cpu())
    words = model.phrases(["road", "tree"])
    found = Glance(Scorer(model, words))(picture(), VALID)
    assert np.array_equal(found[-1], model.relevance(picture(), VALID, words))
    assert np.allclose(found[:2], model.logits(picture(), VALID, words), atol=1e-5)
