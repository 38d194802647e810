"""Phrases asked of vectors, through the model that made them."""

import numpy as np
import pytest

from backend.errors import BadInput
from backend.jobs.phrasing import Phrasing
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol import codes
from backend.tasks.vectors.identity import Identity

DENSE = Identity("mini", "", 64)


@pytest.fixture(scope="module")
def phrasing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return Phrasing(LoadedModels(catalog(folder), folder), folder)


def test_a_phrase_scores_stored_vectors_as_the_model_scores_its_own(phrasing):
    model = phrasing._loaded.get("mini")
    image = np.full((64, 64, 3), 40, np.uint8)
    image[:, 32:] = np.random.default_rng(0).integers(60, 200, (64, 32, 3))
    dense = model.dense(image, np.ones((64, 64), bool))
    stored = (dense / np.linalg.norm(dense, axis=0)).reshape(64, -1).T.astype(np.float32)
    likeness = phrasing.likeness("trees", DENSE, "E.tif")
    logits = model.scores(dense, model.phrases(["trees"]))[0].ravel()
    assert likeness(stored) == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-4)
    assert (likeness.low, likeness.high, likeness.threshold) == (0, 1, 0.5)


@pytest.mark.parametrize(
    ("phrase", "identity", "code", "said"),
    [
        ("  ", DENSE, codes.PROMPT_INVALID, "Nothing is asked"),
        ("a" * 201, DENSE, codes.PROMPT_INVALID, "has 201 characters; say it in at most 200"),
        ("water", Identity("mini", "", 256), codes.PARAMETER_INVALID, "dense ones of 64"),
        ("water", Identity("geoembed", "", 256), codes.PARAMETER_INVALID, "(mini"),
        ("water", Identity("", "", 64), codes.PARAMETER_INVALID, "does not say"),
        ("water", Identity("AlphaEarth", "", 64), codes.PARAMETER_INVALID, "AlphaEarth"),
    ],
)
def test_what_cannot_be_asked_is_said(phrasing, phrase, identity, code, said):
    with pytest.raises(BadInput) as error:
        phrasing.likeness(phrase, identity, "E.tif")
    assert error.value.code == code
    assert said in error.value.detail
