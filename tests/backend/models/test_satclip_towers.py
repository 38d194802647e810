"""The towers' forward against transformers' networks of the same design, with the same drawn weights."""

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from backend.models.satclip_resnet import BLOCKS, ResNet  # noqa: E402
from backend.models.satclip_towers import built  # noqa: E402
from backend.models.satclip_vit import VisionTransformer  # noqa: E402

BANDS, OUT = 13, 256
VIT_NAMES = {
    "blocks.": "layers.", "attn.proj": "attention.o_proj", "attn.": "attention.", "norm1": "layernorm_before",
    "norm2": "layernorm_after", "cls_token": "embeddings.cls_token", "pos_embed": "embeddings.position_embeddings",
    "patch_embed.proj": "embeddings.patch_embeddings.projection", "norm.": "layernorm.",
}  # fmt: skip
WIDTHS = {18: ("basic", [64, 128, 256, 512]), 50: ("bottleneck", [256, 512, 1024, 2048])}


def shaken(network, seed=0):
    """Return `network` with drawn weights, those of its norms too, which are plain when new."""
    drawn = torch.Generator().manual_seed(seed)
    for name, values in network.state_dict().items():
        if values.dtype.is_floating_point:
            noise = torch.rand(values.shape, generator=drawn)
            positive = name.endswith("running_var") or values.ndim == 1
            values.copy_(noise * 0.5 + 0.75 if positive else (noise - 0.5) * 2 * values[0].numel() ** -0.5)
    return network.eval()


@torch.no_grad()
def test_vit():
    ours = shaken(VisionTransformer(384, 3, BANDS, OUT))
    config = transformers.ViTConfig(
        hidden_size=384, num_hidden_layers=3, num_attention_heads=6, intermediate_size=1536, num_channels=BANDS,
        image_size=224, patch_size=16, layer_norm_eps=1e-6,
    )  # fmt: skip
    theirs = transformers.ViTModel(config, add_pooling_layer=False).eval()
    theirs.load_state_dict(vit_names(ours.state_dict()), strict=True)
    picture = torch.rand(2, BANDS, 224, 224, generator=torch.Generator().manual_seed(1))
    expected = torch.nn.functional.linear(
        theirs(pixel_values=picture).last_hidden_state[:, 0], ours.head.weight, ours.head.bias
    )
    assert ours(picture) == pytest.approx(expected, abs=2e-4)
    network, side = built(ours.state_dict())
    assert side == 224
    assert torch.equal(network(picture), ours(picture))


def vit_names(state):
    """Return timm's tensors under transformers' names."""
    found = {}
    for name, values in state.items():
        for ours, theirs in VIT_NAMES.items():
            name = name.replace(ours, theirs)
        if ".qkv." in name:
            parts = zip("qkv", values.chunk(3), strict=True)
            found |= {name.replace("qkv", f"{letter}_proj"): part for letter, part in parts}
        elif not name.startswith("head."):
            found[name] = values
    return found


@torch.no_grad()
@pytest.mark.parametrize("depth", WIDTHS)
def test_resnet(depth):
    kind, widths = WIDTHS[depth]
    ours = shaken(ResNet(depth, BANDS, OUT))
    config = transformers.ResNetConfig(
        num_channels=BANDS, embedding_size=64, hidden_sizes=widths, depths=list(BLOCKS[depth]), layer_type=kind,
    )  # fmt: skip
    theirs = transformers.ResNetModel(config).eval()
    theirs.load_state_dict(resnet_names(ours.state_dict(), theirs.state_dict()), strict=True)
    picture = torch.rand(2, BANDS, 96, 96, generator=torch.Generator().manual_seed(1))
    pooled = theirs(pixel_values=picture).pooler_output.flatten(1)
    expected = torch.nn.functional.linear(pooled, ours.fc.weight, ours.fc.bias)
    assert ours(picture) == pytest.approx(expected, rel=1e-3, abs=1e-3 * float(expected.abs().max()))
    network, side = built(ours.state_dict())
    assert side == 256
    assert torch.equal(network(picture), ours(picture))


def resnet_names(state, wanted):
    """Return timm's tensors under transformers' names `wanted`."""
    norms = {"conv1": "bn1", "conv2": "bn2", "conv3": "bn3"}
    found = {}
    for name in wanted:
        pieces = name.split(".")
        numbers = [int(piece) for piece in pieces if piece.isdigit()]
        convolution, kind = ".convolution." in name, pieces[-1]
        if name.startswith("embedder"):
            ours = "conv1" if convolution else "bn1"
        elif "shortcut" in name:
            ours = f"layer{numbers[0] + 1}.{numbers[1]}.downsample.{0 if convolution else 1}"
        else:
            layer = f"conv{numbers[2] + 1}"
            ours = f"layer{numbers[0] + 1}.{numbers[1]}.{layer if convolution else norms[layer]}"
        found[name] = state[f"{ours}.{kind}"]
    assert len(found) == len(state) - 2
    return found
