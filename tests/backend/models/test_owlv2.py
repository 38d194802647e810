"""OWLv2: agreement with the class and its processor, and phrases read one by one."""

import numpy as np
import pytest
import torch
from transformers import Owlv2ImageProcessorPil, Owlv2Processor

from backend.device import ComputeDevice
from backend.errors import BadInput
from backend.models import owlv2
from tests.backend.models.detecting import OWL_SIDE, clip_tokenizer, detector_spec, loaded_detector, saved_detector
from tests.backend.models.promptable import picture

PHRASES = ["red roof", "a tree", "car"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("owlv2")


@pytest.fixture(scope="module")
def pair(folder):
    """The transformers model and our detector loaded from the same files."""
    return saved_detector("owlv2", folder), loaded_detector("owlv2", folder)


def reference(model, image, phrases):
    ready = Owlv2Processor(Owlv2ImageProcessorPil(size={"height": OWL_SIDE, "width": OWL_SIDE}), clip_tokenizer())
    inputs = ready(images=image, text=[phrases], return_tensors="pt", max_length=16)
    with torch.no_grad():
        output = model(**inputs)
    return ready.post_process_grounded_object_detection(output, threshold=0, target_sizes=[image.shape[:2]])[0]


@pytest.mark.parametrize("shape", [(64, 64), (90, 100), (100, 40)])
def test_boxes_scores_and_phrases_are_the_processors(pair, shape):
    model, ours = pair
    image, _ = picture(*shape)
    found = ours.detect(image, np.ones(shape, bool), PHRASES)
    theirs = reference(model, image, PHRASES)
    boxes = np.clip(theirs["boxes"].numpy(), 0, [shape[1], shape[0]] * 2)
    shown = [k for k, box in enumerate(boxes) if (box[2:] > box[:2]).all()]
    assert len(found) == len(shown) >= 6  # patches of the padding have no box in the picture
    for one in found:
        query = int(np.abs(boxes - one.box).max(1).argmin())
        np.testing.assert_allclose(boxes[query], one.box, atol=0.02)
        assert one.score == pytest.approx(float(theirs["scores"][query]), abs=1e-3)
        assert one.phrase == int(theirs["labels"][query])


def test_phrases_are_read_one_by_one(pair):
    """More phrases than fit any text: each one's embedding is its own."""
    _, ours = pair
    phrases = [f"tree {k}" for k in range(40)]
    together = ours._model._read(phrases)
    torch.testing.assert_close(together[:, 7:8], ours._model._read([phrases[7]]))
    assert together.shape[:2] == (1, 40)


def test_a_phrase_longer_than_the_tower_is_refused(pair):
    _, ours = pair
    with pytest.raises(BadInput, match="has 15 tokens and this detector reads 14 at a time; shorten it"):
        ours.detect(*picture(64, 64), ["tree " * 15])
    assert ours.detect(*picture(64, 64), ["tree " * 14])


def test_boxes_stay_exact_when_the_tower_is_in_16_bits(pair, folder):
    """The tower's noise may move a box a little; the heads add none: they are float32."""
    _, ours = pair
    half = owlv2.build(detector_spec("owlv2"), folder, ComputeDevice("cpu", "test", "bfloat16"))
    assert half._model.owlv2.vision_model.embeddings.class_embedding.dtype == torch.bfloat16
    assert half._model.box_head.dense0.weight.dtype == half._model.box_bias.dtype == torch.float32
    image = picture(64, 64)
    mine, full = (sorted(tuple(one.box) for one in model.detect(*image, ["tree"])) for model in (half, ours))
    assert np.abs(np.array(mine) - np.array(full)).mean() < 1
