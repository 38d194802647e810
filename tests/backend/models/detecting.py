"""Tiny random detectors of the real classes with tokenizers of their kind, saved as the hub saves them."""

import json
from types import SimpleNamespace

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    CLIPTokenizer,
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    MMGroundingDinoConfig,
    MMGroundingDinoForObjectDetection,
    Owlv2Config,
    Owlv2ForObjectDetection,
    Sam3Config,
    Sam3Model,
)

from backend.device import cpu
from backend.models import grounding_dino, mm_grounding_dino, owlv2, sam3_concepts
from backend.models.spec import FULL, ModelSpec
from tests.backend.models.promptable import SAM3_SIDE, SAM3_VISION, _random

SHORTEST, OWL_SIDE = 96, 64
WORDS = ["red", "roof", "car", "park", "##ed", "tree", "swimming", "pool", "a", "solar", "panel", "##s"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"

_SWIN = {
    "model_type": "swin",
    "embed_dim": 16,
    "depths": [1, 1, 1, 1],
    "num_heads": [1, 1, 2, 2],
    "window_size": 4,
    "image_size": 64,
    "out_indices": [2, 3, 4],
}
_BERT = {
    "model_type": "bert",
    "vocab_size": 1030,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
}
_GROUNDING = {
    "backbone_config": _SWIN,
    "text_config": _BERT,
    "num_queries": 20,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_text_len": 24,
}
_TOWER = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
_SMALL = {"hidden_size": 32, "num_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
_SAM3_TEXT = {**_TOWER, "projection_dim": 32, "vocab_size": 600, "bos_token_id": 598, "eos_token_id": 599}
SAM3_DETECTOR = {
    "vision_config": SAM3_VISION,
    "text_config": {"model_type": "clip_text_model", **_SAM3_TEXT, "max_position_embeddings": 32},
    "geometry_encoder_config": _SMALL,
    "detr_encoder_config": _SMALL,
    "detr_decoder_config": {**_SMALL, "num_queries": 9},
    "mask_decoder_config": {"hidden_size": 32, "num_attention_heads": 2},
}


def grounding_model():
    return _random(GroundingDinoForObjectDetection(GroundingDinoConfig(**_GROUNDING)))


def mm_grounding_model():
    return _random(MMGroundingDinoForObjectDetection(MMGroundingDinoConfig(**_GROUNDING)))


def owl_model():
    text = {**_TOWER, "vocab_size": 600, "max_position_embeddings": 16, "bos_token_id": 598, "eos_token_id": 599}
    vision = {**_TOWER, "image_size": OWL_SIDE, "patch_size": 16}
    return _random(Owlv2ForObjectDetection(Owlv2Config(text_config=text, vision_config=vision, projection_dim=32)))


def sam3_model():
    return _random(Sam3Model(Sam3Config(**SAM3_DETECTOR)))


def bert_tokenizer():
    """WordPiece with BERT's ids of [CLS], [SEP], the full stop and the question mark, on which the models rely."""
    vocabulary = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, ".": 1012, "?": 1029}
    pieces = [*WORDS, *LETTERS[1:], *(f"##{letter}" for letter in LETTERS)]
    vocabulary |= {piece: 200 + k for k, piece in enumerate(pieces)}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", 102), ("[CLS]", 101))
    return made


def clip_files():
    """Return CLIP's vocabulary and merges in small: every byte alone and at a word's end, and a few joined."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("r", "o"), ("ro", "o"), ("roo", "f</w>"), ("t", "r"), ("e", "e</w>"), ("tr", "ee</w>")]
    pieces = ["!", *(letter for letter in letters if letter != "!"), *(f"{letter}</w>" for letter in letters)]
    pieces += ["".join(pair) for pair in merges]
    vocabulary = {piece: k for k, piece in enumerate(pieces)}
    return {**vocabulary, "<|startoftext|>": 598, "<|endoftext|>": 599}, merges


def save_bert(folder):
    bert_tokenizer().save(str(folder / "tokenizer.json"))


def save_clip(folder):
    vocabulary, merges = clip_files()
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines), encoding="utf-8")


def save_clip_whole(folder):
    clip_tokenizer().backend_tokenizer.save(str(folder / "tokenizer.json"))


def clip_tokenizer():
    vocabulary, merges = clip_files()
    return CLIPTokenizer(vocabulary, merges, pad_token="!")


DETECTORS = {
    "grounding_dino": SimpleNamespace(
        module=grounding_dino, make=grounding_model, tokens=save_bert, side=SHORTEST, missing="enc_output.weight"
    ),
    "mm_grounding_dino": SimpleNamespace(
        module=mm_grounding_dino, make=mm_grounding_model, tokens=save_bert, side=SHORTEST, missing="enc_output.weight"
    ),
    "owlv2": SimpleNamespace(
        module=owlv2, make=owl_model, tokens=save_clip, side=OWL_SIDE, missing="class_head.dense0.weight"
    ),
    "sam3_concepts": SimpleNamespace(
        module=sam3_concepts, make=sam3_model, tokens=save_clip_whole, side=SAM3_SIDE, missing="text_projection.weight"
    ),
}


def detector_spec(name, **options):
    kept = {"floor": 0.0, "overlap": 1.0, **options}
    side = DETECTORS[name].side
    return ModelSpec(name, name, ("ground",), f"backend.models.{name}:load", FULL, side, "slow", 0, options=kept)


def saved_detector(name, folder):
    """Save the tiny model `name` with its tokenizer to `folder` and return it."""
    model = DETECTORS[name].make()
    model.save_pretrained(folder)
    DETECTORS[name].tokens(folder)
    return model


def loaded_detector(name, folder, **options):
    return DETECTORS[name].module.load(detector_spec(name, **options), folder, cpu())


def by_place(boxes):
    """Return an order of boxes (n, 4) that does not depend on how they were scored."""
    return torch.as_tensor(boxes).mul(1e3).round().tolist()
