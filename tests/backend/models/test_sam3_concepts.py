"""SAM 3's detector: agreement with the class and its processor's arithmetic, and the published weights' layout."""

import ast
import importlib.util
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import Sam3VideoConfig, Sam3VideoModel

from backend.device import ComputeDevice
from backend.errors import BadInput
from backend.models import sam3_concepts
from backend.models.detector_preprocess import shown_bytes
from backend.models.sam3_concepts import HALF
from backend.models.torch_detector import normalised
from tests.backend.models.detecting import (
    SAM3_DETECTOR,
    clip_tokenizer,
    detector_spec,
    loaded_detector,
    save_clip_whole,
    saved_detector,
)
from tests.backend.models.promptable import DECODER, MEMORY, SAM3_PROMPT, SAM3_SIDE, SAM3_VISION, _random, picture

PHRASES = ["red roof", "a tree"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sam3")


@pytest.fixture(scope="module")
def pair(folder):
    """The transformers model and our detector loaded from the same files."""
    return saved_detector("sam3_concepts", folder), loaded_detector("sam3_concepts", folder)


def processors_own(*names):
    """Return functions of SAM 3's image processor, which as a whole cannot be imported without torchvision."""
    package = importlib.util.find_spec("transformers.models.sam3").submodule_search_locations[0]
    tree = ast.parse(Path(package, "image_processing_sam3.py").read_text())
    wanted = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in names]
    space = {"torch": torch, "TensorType": object}
    exec(compile(ast.Module(wanted, []), "sam3", "exec"), space)
    return [space[name] for name in names]


def reference(model, image, valid, phrase):
    """Return scores, boxes and masks as the class and its processor give them for a padded, masked phrase."""
    pixels, shown = shown_bytes(image, valid, (SAM3_SIDE, SAM3_SIDE))
    text = clip_tokenizer()(phrase, padding="max_length", max_length=32, return_tensors="pt")
    with torch.no_grad():
        output = model(pixel_values=normalised(pixels, shown, HALF, torch.device("cpu")), **text)
    finish, _ = processors_own("post_process_instance_segmentation", "_scale_boxes")
    return finish(None, output, threshold=0, mask_threshold=0.5, target_sizes=[image.shape[:2]])[0]


@pytest.mark.parametrize("shape", [(112, 112), (90, 100), (60, 140)])
def test_instances_are_the_processors(pair, shape):
    model, ours = pair
    image, _ = picture(*shape)
    everywhere = np.ones(shape, bool)
    found = ours.detect(image, everywhere, PHRASES)
    assert {one.phrase for one in found} == {0, 1}
    for number, phrase in enumerate(PHRASES):
        theirs = reference(model, image, everywhere, phrase)
        masks = theirs["masks"].numpy().astype(bool)
        boxes = np.clip(theirs["boxes"].numpy(), 0, [shape[1], shape[0]] * 2)
        mine = [one for one in found if one.phrase == number]
        assert len(mine) == int(masks.any((1, 2)).sum()) >= 3
        for one in mine:
            query = int(np.abs(boxes - one.box).max(1).argmin())
            np.testing.assert_allclose(boxes[query], one.box, atol=0.02)
            assert one.score == pytest.approx(float(theirs["scores"][query]), abs=1e-4)
            assert (one.mask != masks[query]).mean() < 1e-3


def test_masks_leave_out_pixels_without_data(pair):
    _, ours = pair
    image, valid = picture(90, 100)
    assert not any((one.mask & ~valid).any() for one in ours.detect(image, valid, PHRASES))


def test_the_picture_is_seen_once_however_many_phrases(pair, monkeypatch):
    _, ours = pair
    seen = []
    look = ours._model._see
    monkeypatch.setattr(ours._model, "_see", lambda *args: seen.append(1) or look(*args))
    ours.detect(*picture(112, 112), ["tree", "car", "roof"])
    assert seen == [1]


def test_a_phrase_longer_than_the_tower_is_refused(pair):
    _, ours = pair
    with pytest.raises(BadInput, match="has 31 tokens and this detector reads 30 at a time"):
        ours.detect(*picture(60, 60), ["tree " * 31])


def test_positions_stay_exact_when_the_encoder_is_in_16_bits(pair, folder):
    half = sam3_concepts.build(detector_spec("sam3_concepts"), folder, ComputeDevice("cpu", "test", "bfloat16"))
    image = picture(112, 112)
    with torch.no_grad():
        mine, full = (model._see(*image) for model in (half, pair[1]._model))
    for one, other in zip(mine.fpn_position_encoding, full.fpn_position_encoding, strict=True):
        torch.testing.assert_close(one, other)
    assert half.detect(*image, ["tree"])


def test_weights_of_the_published_layout_load(tmp_path):
    """What the hub serves: detector, tracker and the tracker's neck side by side under `model_type` sam3_video."""
    tracker = {
        "vision_config": deepcopy(SAM3_VISION),
        "prompt_encoder_config": SAM3_PROMPT,
        "mask_decoder_config": DECODER,
        **MEMORY,
        "memory_attention_rope_feat_sizes": [8, 8],
        "image_size": SAM3_SIDE,
    }
    model = _random(Sam3VideoModel(Sam3VideoConfig(detector_config=deepcopy(SAM3_DETECTOR), tracker_config=tracker)))
    model.config.save_pretrained(tmp_path)
    save_file({k: v.clone() for k, v in model.state_dict().items()}, tmp_path / "model.safetensors", {"format": "pt"})
    save_clip_whole(tmp_path)
    image, valid = picture(112, 112)
    found = loaded_detector("sam3_concepts", tmp_path).detect(image, valid, ["tree"])
    theirs = reference(model.detector_model, image, valid, "tree")
    assert found[0].score == pytest.approx(float(theirs["scores"].max()), abs=1e-4)
