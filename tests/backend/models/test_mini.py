"""Mini as it ships: the contract of a segmenter, phrases and embeddings, on pictures drawn here."""

import numpy as np
import pytest

from backend.models.catalog import BUILT_IN
from backend.models.mini import load
from backend.models.mini_graphs import FOLDER
from backend.models.segmenter import CropPrompts

pytestmark = pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")


@pytest.fixture(scope="module")
def mini():
    return load(BUILT_IN.get("mini"), None, None)


def scene(height=320, width=416):
    """Green ground with a bright roof and a dark blue pond."""
    drawn = np.random.default_rng(0)
    image = np.empty((height, width, 3), np.float32)
    image[:] = (92, 108, 70)
    image[60:140, 80:200] = (206, 198, 190)
    image[200:280, 240:360] = (34, 62, 92)
    image += drawn.normal(0, 6, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def click(*points, logits=None, box=None):
    places = np.array([p[:2] for p in points], np.float32).reshape(-1, 2)
    labels = np.array([p[2] for p in points], np.int32)
    return CropPrompts(places, labels, None if box is None else np.array(box, np.float32), logits)


def encoded(mini, image):
    return mini.encode(image, np.ones(image.shape[:2], bool))


def test_a_click_finds_the_roof_and_leaves_the_pond(mini):
    answer = mini.decode(encoded(mini, scene()), click((140.5, 100.5, 1)))
    mask = answer.logits > 0
    truth = np.zeros_like(mask)
    truth[60:140, 80:200] = True
    assert answer.logits.shape == (320, 416)
    assert (mask & truth).sum() / (mask | truth).sum() > 0.6
    assert not mask[240, 300]
    assert 0 <= answer.score <= 1


def test_a_box_is_a_prompt(mini):
    mask = mini.decode(encoded(mini, scene()), click(box=(78, 58, 202, 142))).logits > 0
    assert mask[100, 140]
    assert mask[200:].mean() < 0.05


def test_only_background_clicks_give_nothing(mini):
    answer = mini.decode(encoded(mini, scene()), click((10, 10, 0)))
    assert not (answer.logits > 0).any()
    assert answer.score == 0


def test_the_memory_of_an_answer_refines_it(mini):
    embedding = encoded(mini, scene())
    first = mini.decode(embedding, click((140.5, 100.5, 1)))
    again = mini.decode(embedding, click((140.5, 100.5, 1), (300, 240, 0), logits=first.memory))
    assert again.logits.shape == first.logits.shape
    assert not (again.logits > 0)[240, 300]


@pytest.mark.parametrize("size", [(1, 1), (33, 70), (512, 512)])
def test_any_crop_up_to_the_input_size(mini, size):
    image = np.full((*size, 3), 120, np.uint8)
    answer = mini.decode(encoded(mini, image), click((0.5, 0.5, 1)))
    assert answer.logits.shape == size
    assert np.isfinite(answer.logits).all()


def test_the_same_answer_twice(mini):
    answers = [mini.decode(encoded(mini, scene()), click((140.5, 100.5, 1))).logits for _ in range(2)]
    assert np.array_equal(*answers)


def test_values_under_no_data_do_not_matter(mini):
    image, valid = scene(), np.ones((320, 416), bool)
    valid[:, 300:] = False
    other = image.copy()
    other[:, 300:] = 255
    answers = [mini.decode(mini.encode(i, valid), click((140.5, 100.5, 1))).logits for i in (image, other)]
    assert np.array_equal(*answers)


def test_embeddings_are_unit_vectors_with_weights_that_sum_to_one(mini):
    for size in ((64, 64), (20, 50), (700, 300)):
        vector, weights = mini.embed(scene()[: size[0], : size[1]] if size[0] < 320 else np.zeros((*size, 3), np.uint8))
        assert vector.shape == (256,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
        assert weights.sum() == pytest.approx(1, abs=1e-4)
        assert (weights >= 0).all()


def test_different_places_have_different_vectors(mini):
    image = scene()
    roof, again, pond = (mini.embed(image[r, c])[0] for r, c in (
        (np.s_[64:128], np.s_[90:154]), (np.s_[70:134], np.s_[120:184]), (np.s_[205:269], np.s_[250:314])))  # fmt: skip
    assert roof @ again > roof @ pond


def test_dense_features_have_a_vector_for_four_by_four_pixels(mini):
    dense = mini.dense(scene()[:321, :415], np.ones((320, 415), bool))
    assert dense.shape == (64, 80, 104)


def test_an_unknown_phrase_names_less_than_a_known_one(mini):
    scores = mini.scores(mini.dense(scene(), np.ones((320, 416), bool)), mini.phrases(["houses", "giraffe"]))
    assert scores.shape == (2, 80, 104)
    assert scores[0, 25, 35] > scores[1, 25, 35]


def test_a_phrase_scores_vectors_of_unit_length_as_it_scores_features(mini):
    """Files keep dense features at unit length."""
    image = scene()
    dense, words = mini.dense(image, np.ones(image.shape[:2], bool)), mini.phrases(["building", "water"])
    unit = dense / np.linalg.norm(dense, axis=0)
    assert np.abs(unit - dense).max() > 0.1
    assert np.allclose(mini.scores(unit, words), mini.scores(dense, words), atol=1e-3)


def test_the_weights_stay_small_and_come_with_a_card():
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 24 * 2**20
    assert any(path.suffix == ".md" for path in files)
