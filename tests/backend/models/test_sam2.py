"""SAM 2.1: full-size architectures, the published weights' layout, its processor's numbers."""

import numpy as np
import pytest
import torch
from transformers import Sam2VideoConfig, Sam2VideoModel
from transformers.models.sam2.processing_sam2 import Sam2Processor

from backend.models.preprocess import fit, lay_out, normalise, prompt_tokens
from backend.models.spec import IMAGENET
from tests.backend.models.full_size import millions, sam2_full, sam2_video_full
from tests.backend.models.promptable import (
    MEMORY,
    SAM2_SIDE,
    loaded,
    picture,
    processor_constants,
    prompts,
    sam2_config,
    saved,
)


@pytest.mark.parametrize(("size", "expected"), [("tiny", 39), ("small", 46), ("base-plus", 81), ("large", 224)])
def test_parameters_are_those_published(size, expected):
    """The published files hold the video model; single images leave its 7.5 million parameters of memory unread."""
    assert round(millions(sam2_video_full(size))) == expected
    assert millions(sam2_video_full(size)) - millions(sam2_full(size)) == pytest.approx(7.52, abs=0.01)


def test_the_layout_of_the_published_weights():
    shapes = {name: tuple(value.shape) for name, value in sam2_full("tiny").state_dict().items()}
    assert shapes["vision_encoder.backbone.patch_embed.projection.weight"] == (96, 3, 7, 7)
    assert shapes["vision_encoder.backbone.pos_embed"] == (1, 96, 7, 7)
    assert shapes["no_memory_embedding"] == (1, 1, 256)
    assert shapes["mask_decoder.conv_s0.weight"] == (32, 256, 1, 1)
    assert shapes["mask_decoder.conv_s1.weight"] == (64, 256, 1, 1)
    assert shapes["prompt_encoder.point_embed.weight"] == (4, 256)
    assert len([name for name in shapes if name.endswith("attn.qkv.weight")]) == 12


def test_weights_of_the_video_model_load(tmp_path):
    """What the hub serves: `model_type` sam2_video, memory tensors beside those of the image model."""
    model = Sam2VideoModel(sam2_config(Sam2VideoConfig, **MEMORY)).eval()
    model.save_pretrained(tmp_path)
    assert '"sam2_video"' in (tmp_path / "config.json").read_text()
    ours = loaded("sam2", tmp_path)
    image, valid = picture(90, 100)
    embedding = ours.encode(image, valid)
    values = torch.from_numpy(normalise(*fit(image, valid, embedding.geometry), IMAGENET))
    for mine, theirs in zip(embedding.features, model.get_image_embeddings(values), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_features_are_those_of_the_class(tmp_path):
    model = saved("sam2", tmp_path)
    image, valid = picture(SAM2_SIDE, SAM2_SIDE)
    embedding = loaded("sam2", tmp_path).encode(image, valid)
    values = torch.from_numpy(normalise(*fit(image, valid, embedding.geometry), IMAGENET))
    for mine, theirs in zip(embedding.features, model.get_image_embeddings(values), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_the_processor_says_what_we_assume():
    constants = processor_constants("transformers.models.sam2.image_processing_sam2", "Sam2ImageProcessor")
    assert constants["size"] == "{'height': 1024, 'width': 1024}"
    assert constants["image_mean"] == "IMAGENET_DEFAULT_MEAN"
    assert constants["resample"] == "PILImageResampling.BILINEAR"
    assert constants["do_pad"] == "None"


@pytest.mark.parametrize("shape", [(256, 256), (90, 100), (200, 61)])
def test_pixels_and_prompts_are_prepared_as_the_processor_does(shape, tmp_path):
    """Its image half needs torchvision, which resizes bytes by the call below; its prompt half runs here."""
    saved("sam2", tmp_path)
    form = loaded("sam2", tmp_path).form
    image, _ = picture(*shape)
    geometry = lay_out(shape, form)
    channels = torch.from_numpy(image).permute(2, 0, 1)[None]
    side = (SAM2_SIDE, SAM2_SIDE)
    resized = torch.nn.functional.interpolate(channels, side, mode="bilinear", antialias=True)
    pixels, _ = fit(image, np.ones(shape, bool), geometry)
    difference = np.abs(pixels.transpose(2, 0, 1) - resized[0].numpy().astype(int))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.01
    points = torch.tensor([[10.0, 20.0], [31.5, 7.0]])
    theirs = Sam2Processor._normalize_coordinates(None, SAM2_SIDE, points, shape)
    coords, _ = prompt_tokens(prompts(points.numpy()), geometry, form)
    np.testing.assert_allclose(coords[0, 0] + 0.5, theirs.numpy(), atol=1e-4)


def test_the_decoders_own_preference_for_stable_masks_is_kept(tmp_path):
    """With several prompts an unstable single mask gives way to the best of three, as the model was published."""
    model = saved("sam2", tmp_path)
    assert model.mask_decoder.dynamic_multimask_via_stability
    ours = loaded("sam2", tmp_path)
    embedding = ours.encode(*picture(90, 100))
    asked = prompts([(30, 40), (60, 22)], [1, 0])
    before = ours.decode(embedding, asked)
    ours._model._decoder.mask_decoder.dynamic_multimask_via_stability = False
    assert np.abs(ours.decode(embedding, asked).logits - before.logits).max() > 1e-3
