"""Attention relevance on tiny random transformers."""

import numpy as np
import pytest
import torch
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection, ViTConfig, ViTModel

from backend.models.attention_relevance import attention_relevance, clip_relevance

TINY = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "patch_size": 8}


@pytest.fixture(scope="module")
def clip():
    torch.manual_seed(0)
    config = CLIPVisionConfig(**TINY, image_size=32, projection_dim=16, attn_implementation="eager")
    return CLIPVisionModelWithProjection(config).eval()


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
    relevance = attention_relevance(score, found.attentions, (4, 4))
    assert np.allclose(relevance, expected[1:].reshape(4, 4), rtol=1e-4, atol=1e-9)
    assert relevance.max() > 0


def test_attention_that_the_score_does_not_need_is_left_out(vit):
    found = vit(picture(), output_attentions=True)
    score = found.attentions[0][0, 0, 0, 6] * 3
    relevance = attention_relevance(score, found.attentions, (4, 4))
    assert np.argwhere(relevance > 0).tolist() == [[1, 1]]


def test_another_phrase_gives_another_map(clip):
    one, other = torch.eye(16)[0], torch.eye(16)[5]
    first, second = clip_relevance(clip, picture(), one), clip_relevance(clip, picture(), other)
    assert first.shape == (4, 4)
    assert (first >= 0).all()
    assert not np.allclose(first, second)
    assert np.array_equal(first, clip_relevance(clip, picture(), one))


def test_pictures_need_not_be_square_nor_weights_trainable(clip):
    frozen = clip.requires_grad_(False)
    with torch.no_grad():
        assert clip_relevance(frozen, picture(48, 64), torch.eye(16)[0]).shape == (6, 8)
    clip.requires_grad_(True)
