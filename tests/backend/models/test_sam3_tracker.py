"""The SAM 3 tracker: full-size architecture, the published weights' layout, the level it leaves out."""

from copy import deepcopy

import torch
from safetensors.torch import save_file
from transformers import Sam3VideoConfig, Sam3VideoModel

from backend.models.preprocess import fit, normalise
from backend.models.sam3_tracker import HALF
from tests.backend.models.full_size import millions, sam3_full
from tests.backend.models.promptable import (
    DECODER,
    MEMORY,
    SAM3_PROMPT,
    SAM3_VISION,
    loaded,
    picture,
    processor_constants,
    sam3_model,
)

SMALL = {"hidden_size": 32, "num_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
TEXT = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "projection_dim": 32,
    "vocab_size": 50,
    "bos_token_id": 1,
    "eos_token_id": 2,
}


def test_parameters_and_layout():
    model = sam3_full()
    assert round(millions(model)) == 458
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    patches = "vision_encoder.backbone.embeddings.patch_embeddings.projection.weight"
    assert shapes[patches] == (1024, 3, 14, 14)
    assert shapes["prompt_encoder.shared_embedding.positional_embedding"] == (2, 128)


def test_the_processor_says_what_we_assume():
    constants = processor_constants("transformers.models.sam3.image_processing_sam3", "Sam3ImageProcessor")
    assert constants["size"] == "{'height': 1008, 'width': 1008}"
    assert constants["image_mean"] == "IMAGENET_STANDARD_MEAN"
    assert HALF.mean == HALF.std == (0.5, 0.5, 0.5)


def test_the_coarsest_level_is_dropped_before_the_memory_token_is_added(tmp_path):
    """The published neck has four levels; the video models drop the last, the image class adds the token to it."""
    for levels in (3, 4):
        model = sam3_model((4.0, 2.0, 1.0, 0.5)[:levels])
        model.no_memory_embedding.data.fill_(0.7)
        model.save_pretrained(tmp_path / str(levels))
    image, valid = picture(90, 100)
    three, four = (loaded("sam3_tracker", tmp_path / name).encode(image, valid) for name in "34")
    assert [f.shape[-1] for f in four.features] == [32, 16, 8]
    values = torch.from_numpy(normalise(*fit(image, valid, three.geometry), HALF))
    for mine, theirs in zip(three.features, sam3_model_with(0.7).get_image_embeddings(values), strict=True):
        torch.testing.assert_close(mine, theirs)


def sam3_model_with(token):
    model = sam3_model()
    model.no_memory_embedding.data.fill_(token)
    return model


def test_weights_of_the_published_layout_load(tmp_path):
    """What the hub serves: detector, tracker and the tracker's neck side by side under `model_type` sam3_video."""
    detector = {
        "vision_config": deepcopy(SAM3_VISION),
        "text_config": TEXT,
        "geometry_encoder_config": SMALL,
        "detr_encoder_config": SMALL,
        "detr_decoder_config": {**SMALL, "num_queries": 4},
        "mask_decoder_config": {"hidden_size": 32, "num_attention_heads": 2},
    }
    tracker = {
        "vision_config": deepcopy(SAM3_VISION),
        "prompt_encoder_config": SAM3_PROMPT,
        "mask_decoder_config": DECODER,
        **MEMORY,
        "memory_attention_rope_feat_sizes": [8, 8],
        "image_size": 112,
    }
    model = Sam3VideoModel(Sam3VideoConfig(detector_config=detector, tracker_config=tracker)).eval()
    model.tracker_model.no_memory_embedding.data.fill_(0.3)
    model.config.save_pretrained(tmp_path)
    tensors = {name: value.clone() for name, value in model.state_dict().items()}
    assert {name.split(".")[0] for name in tensors} == {"detector_model", "tracker_model", "tracker_neck"}
    save_file(tensors, tmp_path / "model.safetensors", {"format": "pt"})
    image, valid = picture(90, 100)
    embedding = loaded("sam3_tracker", tmp_path).encode(image, valid)
    values = torch.from_numpy(normalise(*fit(image, valid, embedding.geometry), HALF))
    with torch.no_grad():
        seen = model.detector_model.vision_encoder(values)
        maps, _ = model.get_vision_features_for_tracker(seen)
    coarse = maps[-1].permute(1, 2, 0).view(1, 32, 8, 8)
    torch.testing.assert_close(embedding.features[-1], coarse + 0.3)
