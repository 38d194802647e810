"""ChangeStar: the layout of the published weights, numbers that the published code gives, and its loader."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from safetensors.torch import save_file  # noqa: E402

from backend.device import cpu  # noqa: E402
from backend.errors import Unavailable  # noqa: E402
from backend.models import oem  # noqa: E402
from backend.models.catalog_change import DETECTORS  # noqa: E402
from backend.models.changestar import kinds_of, load, network_of  # noqa: E402
from backend.models.changestar_keys import ours, published  # noqa: E402
from backend.models.changestar_network import VIT_B, VIT_L, ChangeStar, ChangeStarConfig  # noqa: E402
from backend.models.weights_import import import_from  # noqa: E402
from backend.protocol import codes  # noqa: E402
from tests.backend.models.drawn_weights import drawn  # noqa: E402
from tests.backend.models.promptable import picture  # noqa: E402

TINY = ChangeStarConfig(128, 3, (1,), 128, classes=9)
S9, S1 = (next(spec for spec in DETECTORS if spec.id == f"changestar-vitb-{kind}") for kind in ("s9", "s1"))


def norm(name, width=256):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def conv(name, out, inside, side=1, bias=True):
    return {f"{name}.weight": (out, inside, side, side)} | ({f"{name}.bias": (out,)} if bias else {})


def linear(name, out, inside):
    return {f"{name}.weight": (out, inside), f"{name}.bias": (out,)}


def table(width, depth, attends, classes=1, changes=1):
    """Return the names and shapes in the published weights, as their code lists them."""
    vit = {"pos_embed": (1, 64, 64, width), **conv("patch_embed.proj", width, 3, 16)}
    for block in range(depth):
        rows = 127 if block in attends else 27
        vit |= {
            f"blocks.{block}.{name}": shape
            for name, shape in {
                **norm("norm1", width), **norm("norm2", width), "attn.rel_pos_h": (rows, 64),
                "attn.rel_pos_w": (rows, 64), **linear("attn.qkv", 3 * width, width),
                **linear("attn.proj", width, width), **linear("mlp.lin1", 4 * width, width),
                **linear("mlp.lin2", width, 4 * width),
            }.items()
        }  # fmt: skip
    vit |= {**conv("neck.0", 256, width, 1, False), **norm("neck.1"), **conv("neck.2", 256, 256, 3, False)}
    vit |= norm("neck.3")
    sfp = {"simfp_2.0.weight": (256, 128, 2, 2), "simfp_2.0.bias": (128,), **norm("simfp_2.1", 128)}
    sfp |= {"simfp_2.3.weight": (128, 64, 2, 2), "simfp_2.3.bias": (64,)}
    sfp |= {"simfp_3.0.weight": (256, 128, 2, 2), "simfp_3.0.bias": (128,)}
    for stage, first, inside in ((2, 4, 64), (3, 1, 128), (4, 0, 256), (5, 1, 256)):
        for index, entering in enumerate((inside, 256)):
            name = f"simfp_{stage}.{first + index}"
            sfp |= {**conv(f"{name}.0", 256, entering, bias=False), **norm(f"{name}.1")}
    far = {}
    for level in range(4):
        far |= conv(f"fpn.fpn_inner{level + 1}.0", 256, 256, 1, False)
        far |= conv(f"fpn.fpn_layer{level + 1}.0", 256, 256, 3, False)
        scene = f"fsr.scene_encoder.{level}"
        far |= {**conv(f"{scene}.0", 256, 256), **norm(f"{scene}.1"), **conv(f"{scene}.3", 256, 256)}
        far |= {**norm(f"{scene}.4"), **conv(f"fsr.project.{level}.0", 256, 512, bias=False)}
        far |= norm(f"fsr.project.{level}.1")
        for part in ("content_encoders", "feature_reencoders"):
            far |= {**conv(f"fsr.{part}.{level}.0", 256, 256), **norm(f"fsr.{part}.{level}.1")}
        for doubling in range(max(level, 1)):
            name = f"dec.blocks.{level}.{doubling}"
            far |= {**conv(f"{name}.0", 256, 256, 3, False), **norm(f"{name}.1")}
    head = {**conv("conv.0", 256, 512, 3, False), **norm("conv.1"), **conv("change_conv.0", changes, 256)}
    head |= conv("semantic_conv.0", classes, 256)
    parts = {"encoder.vit": vit, "encoder.sfp": sfp, "encoder.farseg": far, "head": head}
    return {f"{part}.{name}": shape for part, names in parts.items() for name, shape in names.items()}


def on_meta(config):
    with torch.device("meta"):
        return ChangeStar(config)


@pytest.mark.parametrize(("config", "expected", "count", "millions"), [
    (VIT_B, table(768, 12, (2, 5, 8, 11)), 321, 99.93),
    (ChangeStarConfig(classes=9), table(768, 12, (2, 5, 8, 11), 9), 321, 99.94),
    (ChangeStarConfig(changes=5), table(768, 12, (2, 5, 8, 11), 1, 5), 321, 99.94),
    (VIT_L, table(1024, 24, (5, 11, 17, 23)), 489, 318.54),
])  # fmt: skip
def test_names_shapes_and_parameters_are_those_published(config, expected, count, millions):
    state = on_meta(config).state_dict()
    assert {published(name): tuple(values.shape) for name, values in state.items()} == expected
    assert all(ours(published(name)) == name for name in state)
    assert len(state) == count
    assert sum(values.numel() for values in state.values()) / 1e6 == pytest.approx(millions, abs=0.006)


def tiny_state(config=TINY, seed=0):
    """Return drawn tensors under published names, in whose order they are drawn."""
    return drawn({published(name): values for name, values in on_meta(config).state_dict().items()}, seed)


@torch.no_grad()
def test_numbers_are_those_of_the_published_code():
    """Z-Zheng/pytorch-change-models, 45434c7, with ever-beta 0.6.1; the side is not the one positions are for."""
    network = network_of(tiny_state())
    random = np.random.default_rng(1)
    first, second = (torch.from_numpy(random.standard_normal((1, 3, 96, 96), np.float32)) for _ in "ab")
    change, before, after = (maps[0, :, 31, 47].tolist() for maps in network(first, second))
    assert change == pytest.approx([0.157427], abs=5e-5)
    was = [0.930109, 0.036177, 0.005977, -0.000754, 0.155703, -0.837300, -1.233622, -0.527693, -0.588633]
    now = [1.144311, 0.230697, 0.098233, -0.024871, -0.039489, -0.900751, -1.485821, -0.259512, -0.849322]
    assert before == pytest.approx(was, abs=5e-5)
    assert after == pytest.approx(now, abs=5e-5)


def test_sizes_are_taken_from_the_weights():
    assert network_of(tiny_state()).config == TINY
    other = ChangeStarConfig(64, 4, (0, 3), 96, 1, 5)
    assert network_of(tiny_state(other)).config == other


@torch.no_grad()
def test_the_order_of_times_does_not_matter_to_change():
    network = network_of(tiny_state())
    first, second = torch.randn(1, 3, 64, 64), torch.randn(1, 3, 64, 64)
    change, before, after = network(first, second)
    again, then, now = network(second, first)
    torch.testing.assert_close(change, again, atol=1e-5, rtol=0)
    assert torch.equal(before, now)
    assert torch.equal(after, then)
    assert (before - after).abs().max() > 0.1


def loaded(tmp_path, spec, config):
    file = tmp_path / "changestar.safetensors"
    save_file(tiny_state(config), file)
    import_from(spec, tmp_path / "models", file)
    return load(spec, tmp_path / "models" / spec.id, cpu())


@pytest.mark.parametrize(("spec", "count", "kinds", "names"), [
    (S9, 9, ("any",), oem.NAMES), (S1, 1, ("building",), ("building",)),
])  # fmt: skip
def test_pictures_of_any_side_give_probabilities(tmp_path, spec, count, kinds, names):
    model = loaded(tmp_path, spec, ChangeStarConfig(128, 3, (1,), 128, classes=count))
    (before, valid), (after, _) = picture(70, 100), picture(70, 100, seed=1)
    maps = model.detect(before, after, valid)
    assert model.kinds == kinds
    assert model.classes == names
    assert model.input_size == 1024
    assert maps.change.shape == (1, 70, 100)
    assert maps.before.shape == maps.after.shape == (count, 70, 100)
    for values in (maps.change, maps.before, maps.after):
        assert values.dtype == np.float32
        assert values.min() >= 0
        assert values.max() <= 1
    if count > 1:
        np.testing.assert_allclose(maps.before.sum(0), 1, atol=1e-5)
    model.close()


def test_steps_of_damage_are_no_buildings_that_come_or_go():
    assert kinds_of(ChangeStarConfig(changes=3)) == ("none", "damage 1", "damage 2")


@torch.no_grad()
def test_what_is_seen_is_normalised_and_has_no_holes(tmp_path):
    model = loaded(tmp_path, S9, TINY)
    (before, valid), (after, _) = picture(64, 96), picture(64, 96, seed=1)
    maps = model.detect(before, after, valid)
    spoilt = before.copy()
    spoilt[~valid] = 255
    np.testing.assert_array_equal(model.detect(spoilt, after, valid).change, maps.change)
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    pixels = [
        (torch.from_numpy(p).permute(2, 0, 1) / 255 - mean) / std * torch.from_numpy(valid) for p in (before, after)
    ]
    square = [torch.nn.functional.pad(p, (0, 0, 0, 32))[None].float() for p in pixels]
    expected = network_of(tiny_state())(*square)[0].sigmoid()[0, :, :64]
    assert maps.change == pytest.approx(expected.numpy(), abs=1e-4)


@pytest.mark.parametrize(("spoil", "sentence"), [
    (lambda state: state.pop("head.conv.1.bias"), "1 tensors are missing or of another network, the first is head"),
    (lambda state: state.update({"decoder": torch.zeros(1)}), "1 tensors are missing or of another network"),
    (lambda state: state.update({"head.conv.0.weight": torch.zeros(1)}), "cannot be used"),
    (lambda state: state.clear(), "cannot be used"),
])  # fmt: skip
def test_other_weights_are_told(tmp_path, spoil, sentence):
    state = tiny_state()
    spoil(state)
    save_file(state, tmp_path / "changestar.safetensors")
    with pytest.raises(Unavailable, match=sentence) as told:
        load(S9, tmp_path, cpu())
    assert told.value.code == codes.WEIGHTS_MISMATCH
