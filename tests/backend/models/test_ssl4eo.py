"""SSL4EO-S12's layout, in checkpoints with drawn numbers: backbones, and full ones of DINO, MoCo and MAE."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from safetensors.torch import save_file  # noqa: E402

from backend.device import cpu  # noqa: E402
from backend.errors import Unavailable  # noqa: E402
from backend.models.catalog import BUILT_IN  # noqa: E402
from backend.models.loaded import LoadedModels  # noqa: E402
from backend.models.satclip_vit import VisionTransformer  # noqa: E402
from backend.models.ssl4eo import SentinelTokens  # noqa: E402
from backend.models.weights_import import import_from  # noqa: E402
from backend.protocol import codes  # noqa: E402
from backend.training import ssl4eo_convert  # noqa: E402
from tests.backend.models.test_satclip_towers import vit_names  # noqa: E402
from tests.backend.models.tiny_embedders import drawn, sentinel  # noqa: E402


def keys(blocks):
    """Return the names in a published backbone."""
    parts = ("norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2")
    inside = [f"blocks.{n}.{part}.{kind}" for n in range(blocks) for part in parts for kind in ("weight", "bias")]
    ends = ["patch_embed.proj.weight", "patch_embed.proj.bias", "norm.weight", "norm.bias"]
    return {"cls_token", "pos_embed", *ends, *inside}


def loaded(tmp_path, name, state):
    path = tmp_path / "ssl4eo.safetensors"
    save_file(state, path)
    import_from(BUILT_IN.get(name), tmp_path / "models", path)
    return LoadedModels(BUILT_IN, tmp_path / "models", choose=lambda wanted: cpu()).get(name)


def test_the_published_size_is_built():
    state = VisionTransformer(384, 12, 13, 0).state_dict()
    assert set(state) == keys(12)
    assert state["pos_embed"].shape == (1, 197, 384)
    assert state["patch_embed.proj.weight"].shape == (384, 13, 16, 16)
    network = SentinelTokens(state)
    assert (network.width, network.bands, network.patch) == (384, 13, 16)


@pytest.mark.parametrize(
    ("name", "bands", "mean", "std"),
    [
        ("ssl4eo-vits16-dino", 13, 0, 10_000),
        ("ssl4eo-vits16-l2a", 12, 0, 10_000),
        ("ssl4eo-vits16-s1", 2, [[[-12.59]], [[-20.26]]], [[[5.26]], [[5.91]]]),
    ],
)
@torch.no_grad()
def test_numbers_are_those_of_another_implementation(tmp_path, name, bands, mean, std):
    state = sentinel(bands)
    model = loaded(tmp_path, name, state)
    assert len(model.bands) == bands
    numbers = (-25, 0) if bands == 2 else (0, 5000)  # dB, or reflectance
    image = np.random.default_rng(0).uniform(*numbers, (bands, 224, 224)).astype(np.float32)
    config = transformers.ViTConfig(
        hidden_size=128, num_hidden_layers=2, num_attention_heads=2, intermediate_size=512, num_channels=bands,
        image_size=224, patch_size=16, layer_norm_eps=1e-6,
    )  # fmt: skip
    theirs = transformers.ViTModel(config, add_pooling_layer=False).eval()
    theirs.load_state_dict(vit_names(state), strict=True)
    pixels = torch.from_numpy(((image - np.array(mean)) / np.array(std)).astype(np.float32))[None]
    tokens = torch.nn.functional.normalize(theirs(pixel_values=pixels).last_hidden_state[0], dim=1).numpy()
    assert model.embed(image)[0] == pytest.approx(tokens[0], abs=1e-4)
    assert model.dense(image, np.ones((224, 224), bool)) == pytest.approx(tokens[1:].T.reshape(-1, 14, 14), abs=1e-4)


def lacking(state):
    del state["blocks.1.attn.qkv.bias"]


def strange(state):
    state["head.weight"] = torch.zeros(2, 128)


def misshapen(state):
    state["norm.weight"] = torch.zeros(7)


def other(state):
    for name in list(state):
        state[f"model.{name}"] = state.pop(name)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lacking, r"blocks\.1\.attn\.qkv\.bias is missing"),
        (strange, r"head\.weight does not belong"),
        (misshapen, r"norm\.weight is of the shape \(7,\), not \(128,\)"),
        (other, "no vision transformer"),
    ],
)
def test_other_layouts_are_refused_in_one_sentence(tmp_path, spoil, said):
    state = sentinel(13)
    spoil(state)
    with pytest.raises(Unavailable, match=said) as caught:
        loaded(tmp_path, "ssl4eo-vits16-mae", state)
    assert caught.value.code == codes.WEIGHTS_MISMATCH


def test_another_models_bands_are_refused(tmp_path):
    with pytest.raises(Unavailable, match="take 13 bands, not VV, VH"):
        loaded(tmp_path, "ssl4eo-vits16-s1", sentinel(13))


def dino(state):
    """As DINO's code saves it."""
    student = {f"module.backbone.{name}": values + 1 for name, values in state.items()}
    teacher = {f"backbone.{name}": values for name, values in state.items()}
    return {"student": student, "teacher": {**teacher, "head.mlp.0.weight": torch.zeros(2)}, "epoch": 100}


def moco(state):
    """As MoCo v3's code saves it."""
    base = {f"module.base_encoder.{name}": values for name, values in state.items()}
    momentum = {f"module.momentum_encoder.{name}": values + 1 for name, values in state.items()}
    heads = dict.fromkeys(("module.base_encoder.head.0.weight", "module.predictor.0.weight"), torch.zeros(2))
    return {"state_dict": {**momentum, **base, **heads}, "arch": "vit_small"}


def mae(state):
    """As MAE's code saves it."""
    decoder = dict.fromkeys(("mask_token", "decoder_pos_embed", "decoder_blocks.0.norm1.weight"), torch.zeros(2))
    return {"model": {**state, **decoder}, "epoch": 99}


@pytest.mark.parametrize("wrapped", [dict, dino, moco, mae])
def test_published_checkpoints_are_converted(tmp_path, monkeypatch, wrapped):
    state = sentinel(13)
    torch.save(wrapped(state), tmp_path / "found.pth")
    out = tmp_path / "converted.safetensors"
    monkeypatch.setattr("sys.argv", ["convert", str(tmp_path / "found.pth"), "--out", str(out)])
    ssl4eo_convert.main()
    import_from(BUILT_IN.get("ssl4eo-vits16-moco"), tmp_path / "models", out)
    model = LoadedModels(BUILT_IN, tmp_path / "models", choose=lambda wanted: cpu()).get("ssl4eo-vits16-moco")
    found = model._model._network.vit.state_dict()
    assert all(torch.equal(found[name], values) for name, values in state.items())


def test_positions_are_interpolated():
    network = drawn(VisionTransformer(128, 1, 2, 0, 16, 64))
    assert network.tokens(torch.zeros(1, 2, 48, 80)).shape == (1, 16, 128)
    own = network._positions(4, 4)
    assert own is network.pos_embed
    assert network._positions(8, 8)[:, 1:].mean() == pytest.approx(float(own[:, 1:].mean()), abs=0.02)
