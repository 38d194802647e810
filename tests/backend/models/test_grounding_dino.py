"""Grounding DINO, MM-Grounding-DINO and LLMDet: agreement with the class and its processor, and texts that are long."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertTokenizerFast, GroundingDinoImageProcessorPil, GroundingDinoProcessor

from backend.errors import BadInput
from tests.backend.models.detecting import SHORTEST, bert_tokenizer, loaded_detector, saved_detector
from tests.backend.models.promptable import picture

PHRASES = ["Red roof", "parked car", "tree"]
FULL_STOP, SEPARATORS = 1012, (101, 102, 1012, 1029)


@pytest.fixture(scope="module", params=["grounding_dino", "mm_grounding_dino"])
def pair(request, tmp_path_factory):
    """The name, the transformers model and our detector loaded from the same files."""
    folder = tmp_path_factory.mktemp(request.param)
    model = saved_detector(request.param, folder)
    return request.param, model, loaded_detector(request.param, folder)


def processor():
    images = GroundingDinoImageProcessorPil(size={"shortest_edge": SHORTEST, "longest_edge": SHORTEST * 1333 // 800})
    tokenizer = BertTokenizerFast(tokenizer_object=bert_tokenizer())
    return GroundingDinoProcessor(images, tokenizer)


def reference(model, image, phrases):
    """Return the processor's answer at threshold 0 and the model's own output for the same inputs."""
    ready = processor()
    inputs = ready(images=image, text=[phrases], return_tensors="pt")
    with torch.no_grad():
        output = model(**inputs)
    found = ready.post_process_grounded_object_detection(
        output, threshold=0, text_threshold=1, target_sizes=[image.shape[:2]]
    )[0]
    return inputs["input_ids"][0].tolist(), found, output


def clipped(boxes, shape):
    height, width = shape
    return np.clip(boxes.numpy(), 0, [width, height, width, height])


@pytest.mark.parametrize("shape", [(96, 96), (96, 130), (60, 60), (150, 150), (48, 70), (40, 130)])
def test_boxes_scores_and_phrases_are_the_processors(pair, shape):
    _, model, ours = pair
    image, _ = picture(*shape)
    found = ours.detect(image, np.ones(shape, bool), PHRASES)
    ids, theirs, output = reference(model, image, PHRASES)
    owners = np.cumsum([token == FULL_STOP for token in ids])
    probabilities = output.logits[0, :, : len(ids)].sigmoid().numpy()
    probabilities[:, [token in SEPARATORS for token in ids]] = 0  # a box like a full stop is like no phrase
    boxes = clipped(theirs["boxes"], shape)
    assert len(found) >= 10
    for one in found:
        query = int(np.abs(boxes - one.box).max(1).argmin())
        best = int(probabilities[query].argmax())
        np.testing.assert_allclose(boxes[query], one.box, atol=0.05)
        assert one.phrase == owners[best]
        assert one.score == pytest.approx(probabilities[query, best], abs=1e-3)
        assert one.score <= float(theirs["scores"][query]) + 1e-3


def test_the_text_is_the_processors(pair):
    _, _, ours = pair
    ids = processor()(images=picture(9, 9)[0], text=[PHRASES], return_tensors="pt")["input_ids"]
    (batch,) = ours._model._read(PHRASES)
    assert batch.ids.tolist() == ids.tolist()
    owned = [[bert_tokenizer().id_to_token(k) for k in batch.ids[0][span].tolist()] for span in batch.spans]
    assert owned == [["red", "roof"], ["park", "##ed", "car"], ["tree"]]


def test_many_phrases_are_asked_in_batches_and_none_is_cut(pair):
    """The tiny model reads 24 tokens at a time: 11 phrases of one word."""
    _, _, ours = pair
    image = picture(64, 64)
    phrases = ["tree", "car", "pool"] * 9
    batches = ours._model._read(phrases)
    assert [batch.ids.shape[1] for batch in batches] == [24, 24, 12]
    assert [batch.first for batch in batches] == [0, 11, 22]
    together = ours.detect(*image, phrases)
    alone = [one for batch in (phrases[:11], phrases[11:22], phrases[22:]) for one in ours.detect(*image, batch)]
    assert sorted(one.score for one in together) == pytest.approx(sorted(one.score for one in alone), abs=1e-5)
    assert max(one.phrase for one in together) > 21


def test_a_phrase_longer_than_the_text_is_refused(pair):
    _, _, ours = pair
    with pytest.raises(BadInput, match=r"has 22 tokens and this detector reads 21 at a time; shorten it") as caught:
        ours.detect(*picture(64, 64), ["tree", "tree " * 22])
    assert caught.value.code == "prompt-invalid"
    assert ours.detect(*picture(64, 64), ["tree", "tree " * 21])


def test_a_full_stop_in_a_phrase_belongs_to_no_phrase(pair):
    _, _, ours = pair
    (batch,) = ours._model._read(["a. tree?", "car"])
    owned = [[bert_tokenizer().id_to_token(k) for k in batch.ids[0][span].tolist()] for span in batch.spans]
    assert owned == [["a", "tree"], ["car"]]


def test_files_of_older_versions_load(pair, tmp_path):
    """What is published: without a norm nothing reads, with indices of windows that are computed by now."""
    name, _, ours = pair
    saved_detector(name, tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    left = {key: value for key, value in tensors.items() if "swin.layernorm" not in key}
    assert len(left) == len(tensors) - 2
    block = "model.backbone.conv_encoder.model.encoder.layers.0.blocks.0.attention.self"
    left[f"{block}.relative_position_index"] = torch.zeros(16, 16, dtype=torch.int64)
    save_file(left, tmp_path / "model.safetensors", {"format": "pt"})
    image = picture(60, 60)
    older, newer = (model.detect(*image, PHRASES) for model in (loaded_detector(name, tmp_path), ours))
    assert [one.score for one in older] == [one.score for one in newer]


def test_the_order_of_phrases_changes_their_numbers_only(pair):
    """Phrases do not see each other in the text tower; in the fusion with the picture they do, a little."""
    _, _, ours = pair
    image = picture(64, 64)
    ids = [ours._model._read(order)[0].ids.tolist()[0] for order in (["tree", "car"], ["car", "tree"])]
    assert ids[0][1:3] == ids[1][3:5]
    assert {one.phrase for one in ours.detect(*image, ["tree", "car"])} <= {0, 1}
