"""SAM and SAM-HQ: full-size architectures and the layout of the published weights."""

import pytest

from tests.backend.models.full_size import VITS, millions, sam_full, sam_hq_full
from tests.backend.models.promptable import PROMPTS, loaded, picture, saved


@pytest.mark.parametrize(("size", "expected"), [("base", 94), ("large", 312), ("huge", 641)])
def test_parameters_are_those_published(size, expected):
    assert round(millions(sam_full(size))) == expected


@pytest.mark.parametrize("size", VITS)
def test_hq_adds_a_little_to_sam(size):
    assert 1 < millions(sam_hq_full(size)) - millions(sam_full(size)) < 1.7


def test_the_layout_of_the_published_weights():
    shapes = {name: tuple(value.shape) for name, value in sam_full("base").state_dict().items()}
    assert shapes["vision_encoder.patch_embed.projection.weight"] == (768, 3, 16, 16)
    assert shapes["vision_encoder.pos_embed"] == (1, 64, 64, 768)
    assert shapes["vision_encoder.layers.2.attn.rel_pos_h"] == (127, 64)
    assert shapes["vision_encoder.neck.conv1.weight"] == (256, 768, 1, 1)
    assert shapes["prompt_encoder.point_embed.3.weight"] == (1, 256)
    assert shapes["mask_decoder.mask_tokens.weight"] == (4, 256)
    assert {name.split(".")[0] for name in shapes} == {
        "shared_image_embedding",
        "vision_encoder",
        "prompt_encoder",
        "mask_decoder",
    }


def test_hq_keeps_one_early_feature_map_with_each_crop(tmp_path):
    saved("sam_hq", tmp_path)
    embedding = loaded("sam_hq", tmp_path).encode(*picture(90, 100))
    assert [tuple(feature.shape) for feature in embedding.features] == [(1, 32, 8, 8), (1, 8, 8, 32)]


def test_hq_differs_from_sam(tmp_path):
    """The two decoders share their structure; the high-quality token has to count."""
    model = saved("sam_hq", tmp_path / "a")
    model.mask_decoder.hq_token.weight.data += 1
    model.save_pretrained(tmp_path / "b")
    image = picture(90, 100)
    results = [
        ours.decode(ours.encode(*image), PROMPTS["box"]).logits
        for ours in (loaded("sam_hq", tmp_path / name) for name in "ab")
    ]
    assert abs(results[0] - results[1]).max() > 1e-3
