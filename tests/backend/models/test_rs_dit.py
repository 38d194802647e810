"""RS-DiT: the layout of the published weights, and numbers that the published code gives."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.rs_dit import RsDit, RsDitConfig, built, config_of  # noqa: E402
from tests.backend.models.drawn_weights import drawn  # noqa: E402

B_2 = {
    "x_embedder.proj.weight": (768, 4, 2, 2), "x_embedder.proj.bias": (768,),
    "t_embedder.mlp.0.weight": (768, 256), "t_embedder.mlp.0.bias": (768,),
    "t_embedder.mlp.2.weight": (768, 768), "t_embedder.mlp.2.bias": (768,),
    **{f"y_embedder.convs.{3 * k}.weight": (outside, inside, 3, 3) for k, (inside, outside) in enumerate([
        (9, 96), (96, 96), (96, 192), (192, 192), (192, 384), (384, 384), (384, 768), (768, 768)])},
    **{f"y_embedder.convs.{3 * k + part}.{kind}": (width,)
       for k, width in enumerate([96, 96, 192, 192, 384, 384, 768, 768])
       for part, kind in [(0, "bias"), (1, "weight"), (1, "bias")]},
    **{f"blocks.{k}.{name}": shape for k in range(12) for name, shape in {
        "attn.qkv.weight": (2304, 768), "attn.qkv.bias": (2304,),
        "attn.proj.weight": (768, 768), "attn.proj.bias": (768,),
        "mlp.fc1.weight": (3072, 768), "mlp.fc1.bias": (3072,),
        "mlp.fc2.weight": (768, 3072), "mlp.fc2.bias": (768,),
        "mlp.dwconv.weight": (3072, 1, 3, 3),
        "adaLN_modulation.1.weight": (4608, 768), "adaLN_modulation.1.bias": (4608,)}.items()},
    "final_layer.linear.weight": (32, 768), "final_layer.linear.bias": (32,),
    "final_layer.adaLN_modulation.1.weight": (1536, 768), "final_layer.adaLN_modulation.1.bias": (1536,),
}  # fmt: skip
TINY = RsDitConfig(64, 5, 4, 9)
PUBLISHED = [
    [-0.596967, 2.761669, 0.759265, 2.813589, 2.409846, -0.603352, 0.367397, 0.450176],
    [-1.401082, 1.442007, -1.501885, -1.224838, -2.305151, -0.876295, -1.367407, 2.943263],
]
"""What the published code (Z-Zheng/pytorch-change-models, 45434c7) gives at row 7, column 11 for the drawn input."""


def on_meta(config):
    with torch.device("meta"):
        return RsDit(config)


def tiny(config=TINY):
    network = RsDit(config).eval().requires_grad_(False)
    network.load_state_dict(drawn(network.state_dict()))
    return network


def asked(rows=20, columns=36):
    random = np.random.default_rng(1)
    noisy = torch.from_numpy(random.standard_normal((2, 4, rows, columns), np.float32))
    labels = torch.from_numpy(random.random((2, 9, 8 * rows, 8 * columns), np.float32))
    return noisy, torch.tensor([3, 800]), labels


@pytest.mark.parametrize(("size", "labels", "millions"), [
    ("S/2", 1, 35.28), ("B/2", 9, 140.43), ("L/2", 1, 476.44), ("XL/2", 1, 698.56)])  # fmt: skip
def test_parameters_are_those_published(size, labels, millions):
    network = on_meta(config_of(size, labels))
    assert sum(values.numel() for values in network.parameters()) / 1e6 == pytest.approx(millions, abs=0.005)


def test_names_and_shapes_are_those_of_the_published_weights():
    assert {name: tuple(v.shape) for name, v in on_meta(config_of("B/2", 9)).state_dict().items()} == B_2


def test_each_fourth_block_sees_everything():
    assert [block.window for block in on_meta(config_of("B/2")).blocks] == [8, 8, 8, 0] * 3


def test_numbers_are_those_of_the_published_code():
    found = tiny()(*asked())
    assert found.shape == (2, 8, 20, 36)
    torch.testing.assert_close(found[:, :, 7, 11], torch.tensor(PUBLISHED), atol=2e-5, rtol=0)


def test_a_new_network_predicts_nothing():
    network = RsDit(TINY)
    assert not network(*asked(8, 8)).any()
    told, tokens = network.told(asked(8, 8)[2]), torch.randn(2, 16, 64)
    assert torch.equal(network.blocks[0](tokens, told, (4, 4)), tokens)


def test_windows_part_what_is_far():
    """In one block of windows a change reaches its own, and by the convolution one token beyond it."""
    noisy, step, labels = asked(32, 32)
    moved = noisy.clone()
    moved[:, :, 2, 2] += 1

    def reached(depth):
        network = tiny(RsDitConfig(64, depth, 4, 9))
        return (network(moved, step, labels) - network(noisy, step, labels)).abs().amax((0, 1)) > 0

    expected = torch.zeros(32, 32, dtype=torch.bool)
    expected[:18, :18] = True
    assert torch.equal(reached(1), expected)
    assert reached(4).all()


def test_sizes_are_taken_from_the_weights():
    state = drawn(RsDit(RsDitConfig(384, 1, 6, 5)).state_dict())
    network = built(state)
    assert network.config == RsDitConfig(384, 1, 6, 5)
    assert (
        network(*(part[:, :5] if part.ndim > 1 and part.shape[1] > 5 else part for part in asked(8, 8))).abs().max() > 0
    )


@pytest.mark.parametrize("spoil", [
    lambda state: state.pop("blocks.0.mlp.dwconv.weight"),
    lambda state: state.update({"pos_embed": torch.zeros(1, 256, 384)}),
    lambda state: state.update({"final_layer.linear.weight": torch.zeros(16, 384)}),
])  # fmt: skip
def test_loading_is_strict(spoil):
    with torch.device("meta"):
        state = RsDit(RsDitConfig(384, 1, 6, 5)).state_dict()
    spoil(state)
    with pytest.raises(RuntimeError):
        built(state)


def test_other_widths_are_told():
    with pytest.raises(ValueError, match="no RS-DiT is 64 wide"):
        built(RsDit(TINY).state_dict())
