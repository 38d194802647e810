"""The network in torch: shapes, sums, sizes, and agreement of the exported graphs with it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.mini_backbone import BLOCKS, Backbone, fold  # noqa: E402
from backend.models.mini_graphs import Graph  # noqa: E402
from backend.models.mini_heads import COARSE, FINE  # noqa: E402
from backend.models.mini_network import MiniNetwork  # noqa: E402
from backend.training.export import ENCODED, Click, Encoder, write_graph  # noqa: E402


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    made = MiniNetwork().eval()
    with torch.no_grad():
        for tensor in made.parameters():
            tensor.copy_(tensor.half().float())
    return made


def test_levels_halve(network):
    detail, levels, deepest = network.levels(torch.rand(1, 3, 64, 96) * 255)
    assert detail.shape == (1, 16, 32, 48)
    assert [tuple(level.shape[2:]) for level in levels] == [(16, 24), (8, 12), (4, 6), (2, 3)]
    assert deepest.shape[1] == 320


def test_it_is_compact(network):
    assert sum(p.numel() for p in network.parameters()) < 12e6


def test_the_gate_weighs_scales_to_one(network):
    _, levels, deepest = network.levels(torch.rand(3, 3, 64, 64) * 255)
    vectors, weights = network.gate(levels, deepest)
    assert torch.allclose(weights.sum(1), torch.ones(3))
    assert torch.allclose(vectors.norm(dim=1), torch.ones(3), atol=1e-5)


def test_text_features_have_unit_length_in_the_phrases_space(network):
    _, levels, _ = network.levels(torch.rand(1, 3, 64, 64) * 255)
    hidden = network.text(levels)
    full = torch.einsum("tc,nchw->nthw", network.text.weight, hidden)
    assert torch.allclose(full.norm(dim=1), torch.ones(1, 16, 16), atol=1e-3)


def test_folding_keeps_what_norms_do():
    drawn = torch.Generator().manual_seed(0)

    def norm(name, width):
        values = {
            k: torch.rand(width, generator=drawn) + 0.5 for k in ("weight", "bias", "running_mean", "running_var")
        }
        return {f"{name}.{k}": v for k, v in values.items()}

    weights = {"_conv_stem.weight": torch.randn(32, 3, 3, 3, generator=drawn), **norm("_bn0", 32)}
    for index, (inside, outside, expansion, kernel, _) in enumerate(BLOCKS):
        name, middle = f"_blocks.{index}.", inside * expansion
        if expansion > 1:
            weights |= {f"{name}_expand_conv.weight": torch.randn(middle, inside, 1, 1, generator=drawn)}
            weights |= norm(f"{name}_bn0", middle)
        weights |= {f"{name}_depthwise_conv.weight": torch.randn(middle, 1, kernel, kernel, generator=drawn)}
        weights |= {f"{name}_project_conv.weight": torch.randn(outside, middle, 1, 1, generator=drawn)}
        weights |= norm(f"{name}_bn1", middle) | norm(f"{name}_bn2", outside)
    body = Backbone()
    body.load_state_dict(fold(weights))
    image = torch.randn(1, 3, 16, 16, generator=drawn)
    plain = torch.nn.functional.conv2d(image, weights["_conv_stem.weight"], stride=2, padding=1)
    norms = [weights[f"_bn0.{k}"] for k in ("running_mean", "running_var", "weight", "bias")]
    expected = torch.nn.functional.batch_norm(plain, *norms, eps=1e-3)
    assert torch.allclose(body.stem(image), expected, atol=1e-4)


def test_exported_graphs_agree_with_torch(network, tmp_path):
    image = torch.rand(1, 3, 96, 64) * 255
    encoder, click = Encoder(network), Click(network)
    with torch.no_grad():
        expected = encoder(image)
        maps = torch.rand(1, 8, 24, 16)
        mask, score = click(expected[0], expected[1], maps)
    small = torch.rand(1, 3, 64, 64) * 255
    write_graph(encoder, (small,), ["image"], list(ENCODED), tmp_path / "encoder.onnx")
    found = Graph(tmp_path / "encoder.onnx")(image=image.numpy())
    for name, value in zip(ENCODED, expected, strict=True):
        assert np.abs(found[name] - value.numpy()).max() < 1e-3, name
    inputs = tuple(torch.rand(1, c, s, s) for c, s in ((COARSE, 8), (FINE, 16), (8, 16)))
    write_graph(click, inputs, ["coarse", "fine", "maps"], ["mask", "score"], tmp_path / "click.onnx")
    answer = Graph(tmp_path / "click.onnx")(coarse=expected[0].numpy(), fine=expected[1].numpy(), maps=maps.numpy())
    assert answer["mask"].shape == (1, 1, 48, 32)
    for name, value in (("mask", mask), ("score", score)):
        assert np.abs(answer[name] - value.numpy()).max() < 1e-3, name
