"""GeoPixel's pixel decoder on synthetic checkpoints in the layout its authors publish.

The layout was read from the authors' own classes, and on those classes the masks were compared once: they agreed to
6e-6 of logits of 4 on average.
"""

import hashlib
import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import Sam2Config, Sam2Model

from backend.device import cpu
from backend.errors import BadInput, Unavailable
from backend.models import geopixel
from backend.models.preprocess import fit, normalise
from backend.models.sam2_keys import renamed
from backend.models.spec import IMAGENET
from tests.backend.models.full_size import on_meta
from tests.backend.models.promptable import PROMPTS, SAM2_SIDE, picture, sam2_config, sam2_model

NAMES_OF_HIERA_LARGE = "dfe54ee8727f01239cd30d6c4b12b4e9002bd2e59c2b42ede921e15d1b6f31b5"
"""sha256 of the sorted names SAM 2 large has for single images, as the authors' classes give them, joined by lines."""
WIDE, MIDDLE = 40, 24
BLOCK = {"norm1": "layer_norm1", "norm2": "layer_norm2", "attn.qkv": "attn.qkv", "attn.proj": "attn.proj"}
TWO = {"mlp.layers.0": "mlp.proj_in", "mlp.layers.1": "mlp.proj_out"}
THREE = {"layers.0": "proj_in", "layers.1": "layers.0", "layers.2": "proj_out"}
ATTENTION = {"q_proj": "q_proj", "k_proj": "k_proj", "v_proj": "v_proj", "out_proj": "o_proj"}
CROSSINGS = ("cross_attn_token_to_image", "cross_attn_image_to_token")
PROMPT = {0: "conv1", 1: "layer_norm1", 3: "conv2", 4: "layer_norm2", 6: "conv3"}
UPSCALING = {0: "upscale_conv1", 1: "upscale_layer_norm", 3: "upscale_conv2"}


def modules(blocks, widened):
    """Yield the authors' and transformers' names of everything with a weight and a bias."""
    yield "image_encoder.trunk.patch_embed.proj", "vision_encoder.backbone.patch_embed.projection"
    for k in range(blocks):
        parts = {**BLOCK, **TWO, **({"proj": "proj"} if k in widened else {})}
        for theirs, ours in parts.items():
            yield f"image_encoder.trunk.blocks.{k}.{theirs}", f"vision_encoder.backbone.blocks.{k}.{ours}"
    for k in range(4):
        yield f"image_encoder.neck.convs.{k}.conv", f"vision_encoder.neck.convs.{k}"
    for k, ours in PROMPT.items():
        yield f"sam_prompt_encoder.mask_downscaling.{k}", f"prompt_encoder.mask_embed.{ours}"
    for k, ours in UPSCALING.items():
        yield f"sam_mask_decoder.output_upscaling.{k}", f"mask_decoder.{ours}"
    for name in ("conv_s0", "conv_s1"):
        yield f"sam_mask_decoder.{name}", f"mask_decoder.{name}"
    for head in (*(f"output_hypernetworks_mlps.{k}" for k in range(4)), "iou_prediction_head", "pred_obj_score_head"):
        for theirs, ours in THREE.items():
            yield f"sam_mask_decoder.{head}.{theirs}", f"mask_decoder.{head}.{ours}"
    for theirs, ours in transformer():
        yield f"sam_mask_decoder.transformer.{theirs}", f"mask_decoder.transformer.{ours}"


def transformer():
    attentions = ["final_attn_token_to_image"]
    yield "norm_final_attn", "layer_norm_final_attn"
    for k in range(2):
        attentions += [f"layers.{k}.{name}" for name in ("self_attn", *CROSSINGS)]
        for n in range(1, 5):
            yield f"layers.{k}.norm{n}", f"layers.{k}.layer_norm{n}"
        for theirs, ours in TWO.items():
            yield f"layers.{k}.{theirs}", f"layers.{k}.{ours}"
    for place in attentions:
        for theirs, ours in ATTENTION.items():
            yield f"{place}.{theirs}", f"{place}.{ours}"


def single():
    """Yield the names of everything that stands alone."""
    for name in ("pos_embed", "pos_embed_window"):
        yield f"image_encoder.trunk.{name}", f"vision_encoder.backbone.{name}"
    for name in ("iou_token", "mask_tokens", "obj_score_token"):
        yield f"sam_mask_decoder.{name}.weight", f"mask_decoder.{name}.weight"
    for name in ("no_mask_embed", "not_a_point_embed"):
        yield f"sam_prompt_encoder.{name}.weight", f"prompt_encoder.{name}.weight"
    place = "prompt_encoder.shared_embedding.positional_embedding"
    yield "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", place
    yield "no_mem_embed", "no_memory_embedding"


def published(state, blocks, widened):
    """Return the tensors of transformers' SAM 2 as the authors name them."""
    found = {theirs: state[ours] for theirs, ours in single()}
    for theirs, ours in modules(blocks, widened):
        found |= {f"{theirs}.{part}": state[f"{ours}.{part}"] for part in ("weight", "bias")}
    points = state["prompt_encoder.point_embed.weight"]
    return found | {f"sam_prompt_encoder.point_embeddings.{k}.weight": points[k : k + 1] for k in range(4)}


def test_every_name_of_the_published_architecture_is_known():
    model = on_meta(Sam2Model, Sam2Config(vision_config=geopixel.HIERA_LARGE)).state_dict()
    theirs = published(model, 48, {2, 8, 44})
    assert hashlib.sha256("\n".join(sorted(theirs)).encode()).hexdigest() == NAMES_OF_HIERA_LARGE
    found = renamed({**theirs, "memory_encoder.out_proj.weight": theirs["no_mem_embed"]})
    assert {name: value.shape for name, value in found.items()} == {name: v.shape for name, v in model.items()}


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(4)  # positions are drawn, too
    made = sam2_model()
    # one matrix in published weights
    made.shared_image_embedding.positional_embedding.copy_(made.prompt_encoder.shared_embedding.positional_embedding)
    return made


@pytest.fixture(scope="module")
def projection():
    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Linear(WIDE, MIDDLE), torch.nn.ReLU(), torch.nn.Linear(MIDDLE, 32))


@pytest.fixture(scope="module")
def tensors(model, projection):
    """A whole checkpoint in small: language model, projection, SAM 2 with its memory of videos."""
    found = {f"model.visual_model.{name}": value for name, value in published(model.state_dict(), 6, {1, 3, 5}).items()}
    found |= {f"model.text_hidden_fcs.0.{name}": value for name, value in projection.state_dict().items()}
    found["model.layers.0.attention.wqkv.weight"] = torch.zeros(8, 8)
    found["model.visual_model.maskmem_tpos_enc"] = torch.zeros(7, 1, 1, 8)
    return {name: value.clone().contiguous() for name, value in found.items()}


@pytest.fixture(scope="module")
def ours(tensors, tmp_path_factory):
    folder = tmp_path_factory.mktemp("geopixel")
    save_file(tensors, folder / "model.safetensors")
    return geopixel.load(folder, cpu(), sam2_config())


@pytest.fixture(scope="module")
def states():
    return np.random.default_rng(1).normal(size=(3, WIDE)).astype(np.float32)


def test_a_state_is_the_only_prompt_of_sam2s_decoder(model, projection, ours, states):
    """All tokens at once here, as the authors send them, and the masks resized as theirs are."""
    image, valid = picture(200, 256)
    embedding = ours.encode(image, valid)
    values = torch.from_numpy(normalise(*fit(image, valid, embedding.geometry), IMAGENET))
    with torch.no_grad():
        *fine, coarse = model.get_image_embeddings(values)
        side = SAM2_SIDE // 16
        dense = model.prompt_encoder.no_mask_embed.weight.view(1, -1, 1, 1).expand(1, -1, side, side)
        tokens = projection(torch.from_numpy(states))[None, :, None]
        place = model.get_image_wide_positional_embeddings()
        masks, scores, *_ = model.mask_decoder(coarse, place, tokens, dense, False, fine)
        full = torch.nn.functional.interpolate(masks[0], (200, 256), mode="bilinear", align_corners=False)
    found = ours.outline(embedding, states)
    assert len(found) == 3
    for k, one in enumerate(found):
        np.testing.assert_allclose(one.logits, full[k, 0].numpy(), atol=2e-4 * full.abs().max())
        assert one.score == pytest.approx(float(scores[0, k, 0].clamp(0, 1)), abs=1e-4)
    assert np.abs(found[0].logits - found[1].logits).max() > 1e-2


def test_an_answer_without_tokens_has_no_masks(ours, states):
    assert ours.outline(ours.encode(*picture(60, 60)), states[:0]) == []


def test_clicks_go_on_working(ours):
    image, valid = picture(90, 100)
    embedding = ours.encode(image, valid)
    assert ours.decode(embedding, PROMPTS["box"]).logits.shape == (90, 100)


def test_states_of_another_width_are_refused(ours, states):
    with pytest.raises(BadInput, match=r"shape \(3, 39\); each must be a row of 40 numbers"):
        ours.outline(ours.encode(*picture(60, 60)), states[:, 1:])


def test_several_files_in_half_precision_load(tensors, ours, states, tmp_path):
    """What is published: shards with an index, bfloat16. A shard without a tensor of ours is never opened."""
    half = {name: value.bfloat16() for name, value in tensors.items()}
    kinds = {"model.layers": "c", "model.text_hidden_fcs": "a", "model.visual_model": "b"}
    places = {name: f"model-{kinds['.'.join(name.split('.')[:2])]}.safetensors" for name in half}
    for file in {*places.values()} - {"model-c.safetensors"}:
        save_file({name: value for name, value in half.items() if places[name] == file}, tmp_path / file)
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    loaded = geopixel.load(tmp_path, cpu(), sam2_config())
    image = picture(200, 256)
    mine, full = (model.outline(model.encode(*image), states)[0].logits for model in (loaded, ours))
    assert np.abs(mine - full).mean() < 0.1 * full.std()


@pytest.mark.parametrize(
    "lost", ["model.text_hidden_fcs.0.2.bias", "model.visual_model.sam_mask_decoder.conv_s0.weight", "everything"]
)
def test_a_checkpoint_with_a_tensor_missing_is_refused(tensors, tmp_path, lost):
    left = {} if lost == "everything" else {name: value for name, value in tensors.items() if name != lost}
    save_file(left, tmp_path / "model.safetensors")
    with pytest.raises(Unavailable, match="does not hold GeoPixel's weights") as caught:
        geopixel.load(tmp_path, cpu(), sam2_config())
    assert caught.value.code == "weights-mismatch"


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(Unavailable, match="does not hold GeoPixel's weights"):
        geopixel.load(tmp_path, cpu(), sam2_config())
