"""Attention relevance on tiny random transformers."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from transformers import ViTConfig, ViTModel  # noqa: E402

from backend.device import cpu  # noqa: E402
from backend.models.attention_relevance import attention_relevance, clip_relevance  # noqa: E402
from backend.models.clip_vision import PatchTower  # noqa: E402
from backend.models.segearth import SegEarth  # noqa: E402
from tests.backend.models.tiny_clip import CHANNELS, SIDE, tiny_clip  # noqa: E402

TINY = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "patch_size": 8}


@pytest.fixture(scope="module")
def clip():
    return tiny_clip()


@pytest.fixture(scope="module")
def vit():
    torch.manual_seed(0)
    return ViTModel(ViTConfig(**TINY, image_size=32, attn_implementation="eager"), add_pooling_layer=False).eval()


def picture(height=32, width=32, seed=1):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(1, 3, height, width)).astype(np.float32))


def test_the_map_is_gradient_times_attention_averaged(vit):
    found = vit(picture(), output_attentions=True)
    score = found.last_hidden_state[0, 0] @ torch.linspace(-1, 1, 32)
    gradients = torch.autograd.grad(score, found.attentions, retain_graph=True)
    expected = np.zeros(17)
    for gradient, attention in zip(gradients, found.attentions, strict=True):
        weighted = gradient.clamp(min=0).numpy() * attention.detach().numpy()
        expected += weighted[0].sum(0).sum(0) / (4 * 17) / 2
    relevance = attention_relevance(score, found.attentions, (4, 4)).numpy()
    assert np.allclose(relevance, expected[1:].reshape(4, 4), rtol=1e-4, atol=1e-9)
    assert relevance.max() > 0


def test_attention_that_the_score_does_not_need_is_left_out(vit):
    found = vit(picture(), output_attentions=True)
    score = found.attentions[0][0, 0, 0, 6] * 3
    relevance = attention_relevance(score, found.attentions, (4, 4))
    assert np.argwhere(relevance.numpy() > 0).tolist() == [[1, 1]]


def test_another_phrase_gives_another_map_and_the_better_one_counts(clip):
    tower, questions = PatchTower(clip), torch.eye(CHANNELS)[[0, 5]] * 5
    first, second = (clip_relevance(tower, picture(), one[None]) for one in questions)
    assert first.shape == (4, 4)
    assert not torch.allclose(first, second)
    assert torch.allclose(clip_relevance(tower, picture(), questions), torch.maximum(first, second), atol=1e-6)


def test_what_a_picture_does_not_show_is_relevant_nowhere(clip):
    tower = PatchTower(clip)
    vector = torch.nn.functional.normalize(tower.embed(picture())[0], dim=0)
    shown, hidden = (
        clip_relevance(tower, picture(), 50 * vector[None]),
        clip_relevance(tower, picture(), -50 * vector[None]),
    )
    assert shown.max() > 0.99
    assert shown.min() < 0.9
    assert hidden.max() < 0.01


def test_attention_goes_on_fused_afterwards_and_pictures_need_not_be_square(clip):
    tower = PatchTower(clip)
    before = tower.vision.config._attn_implementation
    with torch.inference_mode(False), torch.no_grad():
        assert clip_relevance(tower, picture(48, 64), torch.eye(CHANNELS)[:1]).shape == (6, 8)
    assert tower.vision.config._attn_implementation == before


def test_segearth_tells_relevance_in_cells_averaged_over_windows(clip):
    model = SegEarth(clip, None, cpu())
    words = model.phrases(["road", "tree"])
    image = np.random.default_rng(3).integers(0, 255, (45, 56, 3), np.uint8)
    valid = np.ones((45, 56), bool)
    found = model.relevance(image, valid, words)
    assert found.shape == (12, 14)
    assert ((found >= 0) & (found <= 1)).all()
    assert found.std() > 0
    one_window = model.relevance(image[:SIDE, :SIDE], valid[:SIDE, :SIDE], words)
    questions = torch.from_numpy(model._questions(words))
    pixels = model._normalised(image[:SIDE, :SIDE], valid[:SIDE, :SIDE])
    expected = clip_relevance(model._tower, pixels, questions).repeat_interleave(2, 0).repeat_interleave(2, 1)
    assert np.allclose(one_window, expected.numpy(), atol=1e-5)
