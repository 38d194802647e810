"""CLIP's towers: checkpoints of other layouts, the altered last block, and words."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from backend.errors import BadInput, Unavailable  # noqa: E402
from backend.models import clip_text  # noqa: E402
from backend.models.clip_open import configuration, converted  # noqa: E402
from backend.models.clip_text import TextEncoder, templates, tokens  # noqa: E402
from backend.models.clip_vision import PatchTower  # noqa: E402
from backend.models.clip_weights import clip_from  # noqa: E402
from tests.backend.models.tiny_clip import CHANNELS, PATCH, SIDE, open_layout, save_open, tiny_clip  # noqa: E402


@pytest.fixture(scope="module")
def clip():
    return tiny_clip()


@pytest.fixture(scope="module")
def pixels():
    return torch.randn(2, 3, SIDE, SIDE, generator=torch.manual_seed(1))


def answers(model, pixels):
    ids = torch.tensor([tokens("a photo of a harbour")])
    with torch.inference_mode():
        return model.get_image_features(pixels).pooler_output, model.get_text_features(ids).pooler_output


@pytest.mark.parametrize("act", ["quick_gelu", "gelu"])
def test_a_checkpoint_of_open_clip_gives_the_same_towers(tmp_path, pixels, act):
    model = tiny_clip(act)
    save_open(model, tmp_path / "open", act)
    for ours, theirs in zip(answers(clip_from(tmp_path / "open"), pixels), answers(model, pixels), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-6)


def test_the_activation_counts(clip, pixels):
    """Else the test above could not tell the two apart."""
    images = [answers(model, pixels)[0] for model in (clip, tiny_clip("gelu"))]
    assert (images[0] - images[1]).abs().max() > 1e-3


def test_transformers_files_are_read_too(tmp_path, clip, pixels):
    clip.save_pretrained(tmp_path)
    torch.testing.assert_close(answers(clip_from(tmp_path), pixels), answers(clip, pixels))


def test_wrapped_checkpoints_are_unwrapped(clip):
    state = open_layout(clip)
    wrapped = {"epoch": 3, "state_dict": {f"module.{name}": value for name, value in state.items()}}
    assert converted(wrapped).keys() == converted(state).keys()
    assert configuration(wrapped, True) == configuration(state, True)
    jit = {**state, "input_resolution": torch.tensor(224), "context_length": torch.tensor(77)}
    assert converted(jit).keys() == converted(state).keys()


def test_sizes_are_read_off_the_shapes():
    def empty(*shape):
        return torch.empty(*shape, device="meta")

    state = {
        "visual.conv1.weight": empty(1024, 3, 14, 14),
        "visual.positional_embedding": empty(257, 1024),
        "visual.proj": empty(1024, 768),
        "visual.transformer.resblocks.0.mlp.c_fc.weight": empty(4096, 1024),
        "visual.transformer.resblocks.23.ln_1.weight": empty(1024),
        "token_embedding.weight": empty(49408, 768),
        "positional_embedding": empty(77, 768),
        "transformer.resblocks.0.mlp.c_fc.weight": empty(3072, 768),
        "transformer.resblocks.11.ln_1.weight": empty(768),
    }
    found = configuration(state, quick_gelu=True)
    vision, text = found["vision_config"], found["text_config"]
    assert (vision["image_size"], vision["patch_size"], vision["num_hidden_layers"]) == (224, 14, 24)
    assert (vision["num_attention_heads"], text["num_attention_heads"], text["num_hidden_layers"]) == (16, 12, 12)
    assert found["projection_dim"] == 768


@pytest.mark.parametrize("name", ["visual.attnpool.k_proj.weight", "visual.transformer.resblocks.0.gate.weight"])
def test_other_architectures_are_refused_by_name(tmp_path, clip, name):
    with pytest.raises(ValueError, match="is no tensor of a ViT CLIP"):
        converted({**open_layout(clip), name: torch.zeros(1)})
    with pytest.raises(ValueError, match="is missing"):
        converted({"visual.proj": torch.zeros(2, 2)})


def test_a_damaged_folder_says_what_to_do(tmp_path, clip):
    save_open(clip, tmp_path, "quick_gelu")
    (tmp_path / "open_clip_model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(Unavailable, match="install it again"):
        clip_from(tmp_path)


def test_the_last_block_is_the_sum_of_three_self_attentions(clip, pixels):
    with torch.inference_mode():
        patches, shared = PatchTower(clip)(pixels)
        hidden = clip.vision_model(pixels, output_hidden_states=True).hidden_states[-2]
        block = clip.vision_model.encoder.layers[-1]
        normal, attention = block.layer_norm1(hidden), block.self_attn
        parts = [getattr(attention, f"{name}_proj")(normal).view(2, -1, 2, 64) for name in "qkv"]
        mixed = 0
        for part in parts:
            weights = torch.einsum("bihc,bjhc->bhij", part, part).mul(64**-0.5).softmax(-1)
            mixed = mixed + torch.einsum("bhij,bjhc->bihc", weights, parts[2])
        out = clip.visual_projection(clip.vision_model.post_layernorm(attention.out_proj(mixed.flatten(2))))
    torch.testing.assert_close(shared, out[:, 0], atol=1e-5, rtol=1e-5)
    expected = out[:, 1:].transpose(1, 2).reshape(2, CHANNELS, SIDE // PATCH, SIDE // PATCH)
    torch.testing.assert_close(patches, expected, atol=1e-5, rtol=1e-5)


def test_simfeatup_learns_from_the_last_blocks_input(clip, pixels):
    with torch.inference_mode():
        hidden = clip.vision_model(pixels, output_hidden_states=True).hidden_states[-2]
        out = clip.visual_projection(clip.vision_model.post_layernorm(hidden))[:, 1:]
        found = PatchTower(clip).xclip(pixels)
    torch.testing.assert_close(found.flatten(2).transpose(1, 2), out, atol=1e-6, rtol=1e-6)


def test_windows_of_other_sizes_have_their_positions_interpolated(clip):
    with torch.inference_mode():
        patches, shared = PatchTower(clip)(torch.randn(1, 3, 16, 48))
    assert patches.shape == (1, CHANNELS, 2, 6)
    assert shared.shape == (1, CHANNELS)


def test_token_ids_are_clips():
    assert tokens("a photo of a cat") == [49406, 320, 1125, 539, 320, 2368, 49407]
    assert tokens("Bareland's   2 roads.") == tokens("bareland's 2 roads.")
    assert len(tokens("über")) > 2


def test_a_word_is_the_mean_of_eighty_sentences(clip):
    assert len(templates()) == 80
    with torch.inference_mode():
        found = []
        for template in templates():
            ids = tokens(template.format("swimming pool"))
            ids = torch.tensor([ids + [0] * (77 - len(ids))])  # as CLIP itself pads
            found.append(torch.nn.functional.normalize(clip.get_text_features(ids).pooler_output[0], dim=0))
        mean = torch.stack(found).mean(0)
    ours = TextEncoder(clip)(["tree", "swimming pool"])[1]
    torch.testing.assert_close(ours, mean / mean.norm(), atol=1e-5, rtol=1e-5)


def test_a_word_is_encoded_once(clip, monkeypatch):
    encoder = TextEncoder(clip)
    first = encoder(["road"])
    monkeypatch.setattr(clip_text, "tokens", None)
    assert torch.equal(encoder(["road", "road"])[1], first[0])


@pytest.mark.parametrize(("word", "reason"), [("水池", "English only"), ("roof " * 80, "shorten it")])
def test_what_clip_cannot_read_is_said(clip, word, reason):
    with pytest.raises(BadInput, match=reason):
        TextEncoder(clip)([word])


def test_letters_of_other_latin_alphabets_are_read(clip):
    assert np.isfinite(TextEncoder(clip)(["château"]).numpy()).all()
