"""SatCLIP's loader and both its towers on synthetic checkpoints in every published layout."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file, save_file  # noqa: E402

from backend.errors import Unavailable  # noqa: E402
from backend.models.catalog import BUILT_IN  # noqa: E402
from backend.models.satclip import SatClip, load  # noqa: E402
from backend.models.spherical_harmonics import satclip_harmonics  # noqa: E402
from backend.protocol import codes  # noqa: E402
from backend.training.places_convert import write_satclip  # noqa: E402
from tests.backend.models.synthetic_satclip import TOWERS, checkpoint, location  # noqa: E402

PLACES = np.array([[13.405, 52.52], [-122.42, 37.77], [151.21, -33.87], [0, 0], [10, 90]])
PARAMETERS = {"resnet18": 11.34e6, "resnet50": 24.06e6, "vit16": 22.75e6}


def by_torch(state, degrees):
    """Return what the same network gives in torch."""
    values = torch.from_numpy(satclip_harmonics(PLACES, degrees))
    for index, frequency in enumerate((30, 1)):
        values = torch.sin(frequency * torch.nn.functional.linear(values, *_layer(state, f"layers.{index}")))
    return torch.nn.functional.linear(values, *_layer(state, "last_layer")).numpy()


def _layer(state, name):
    return state[f"{name}.weight"], state[f"{name}.bias"]


@pytest.mark.parametrize("degrees", [10, 40])
@pytest.mark.parametrize(
    "prefixes", [("model.nnet.", "model.location.nnet."), ("model.nnet.",), ("model.location.nnet.",), ("nnet.",)]
)
def test_every_layout_gives_the_same_vectors(tmp_path, degrees, prefixes):
    write_satclip(checkpoint(degrees, prefixes=prefixes), tmp_path / "satclip.safetensors")
    model = load(BUILT_IN.get(f"satclip-vit16-l{degrees}"), tmp_path, None)
    found = model.encode(PLACES)
    assert found.shape == (5, 256)
    assert found.dtype == np.float64
    assert found == pytest.approx(by_torch(location(degrees), degrees), abs=1e-10)


def test_files_of_others_that_keep_both_copies_load_too(tmp_path):
    state = {name: values.clone() for name, values in checkpoint(10)["state_dict"].items()}
    save_file(state, tmp_path / "satclip.safetensors")
    assert SatClip(tmp_path / "satclip.safetensors").encode(PLACES) == pytest.approx(
        by_torch(location(10), 10), abs=1e-10
    )


def test_copies_that_differ_are_refused(tmp_path):
    made = checkpoint(10)
    made["state_dict"]["model.nnet.last_layer.bias"] += 1
    with pytest.raises(ValueError, match=r"differ in last_layer\.bias"):
        write_satclip(made, tmp_path / "satclip.safetensors")


def test_a_converted_file_holds_each_tensor_once(tmp_path):
    write_satclip(checkpoint(40, "resnet18"), tmp_path / "satclip.safetensors")
    state = load_file(tmp_path / "satclip.safetensors")
    names = [name for name in state if not name.startswith("visual.")]
    assert sorted(names) == sorted(f"nnet.{name}" for name in location(40))
    assert sum(state[name].numel() for name in names) == 1_213_696
    assert state["nnet.last_layer.weight"].dtype == torch.float64


def test_another_checkpoint_than_the_one_named_is_refused(tmp_path):
    write_satclip(checkpoint(10), tmp_path / "satclip.safetensors")
    with pytest.raises(Unavailable, match="L = 10") as raised:
        load(BUILT_IN.get("satclip-resnet50-l40"), tmp_path, None)
    assert raised.value.code == codes.WEIGHTS_MISMATCH


@pytest.mark.parametrize("change", ["cut", "text", "other", "shape"])
def test_damaged_files_are_refused_in_a_sentence(tmp_path, change):
    path = tmp_path / "satclip.safetensors"
    write_satclip(checkpoint(10), path)
    if change == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif change == "text":
        path.write_text("no tensors here, only a sentence that is long enough")
    elif change == "other":
        save_file({"weight": torch.zeros(3)}, path)
    else:
        state = load_file(path)
        save_file({**state, "nnet.layers.1.weight": torch.zeros(512, 100)}, path)
    with pytest.raises(Unavailable, match="cannot be used") as raised:
        load(BUILT_IN.get("satclip-vit16-l10"), tmp_path, None)
    assert raised.value.code == codes.WEIGHTS_MISMATCH


@pytest.mark.parametrize("tower", TOWERS)
def test_towers_have_the_published_sizes(tower):
    assert sum(value.numel() for value in TOWERS[tower]().parameters()) == pytest.approx(PARAMETERS[tower], rel=1e-3)


def test_the_names_are_timms():
    names = {tower: set(make().state_dict()) for tower, make in TOWERS.items()}
    assert {"conv1.weight", "layer2.0.downsample.0.weight", "layer4.1.bn2.running_var", "fc.bias"} <= names["resnet18"]
    assert "layer1.0.downsample.0.weight" not in names["resnet18"]
    assert {"layer1.0.downsample.1.weight", "layer3.5.conv3.weight", "layer4.2.bn3.bias"} <= names["resnet50"]
    assert {"cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.11.attn.qkv.bias", "head.weight"} <= names[
        "vit16"
    ]
    assert (len(names["resnet18"]), len(names["resnet50"]), len(names["vit16"])) == (122, 320, 152)


@pytest.mark.parametrize("tower", TOWERS)
def test_a_picture_and_a_place_have_vectors_that_can_be_compared(tmp_path, tower):
    write_satclip(checkpoint(10, tower, seed=3), tmp_path / "satclip.safetensors")
    model = SatClip(tmp_path / "satclip.safetensors")
    torch.manual_seed(3)
    network = TOWERS[tower]().eval()
    picture = np.random.default_rng(0).random((13, 260, 300), np.float32)
    side = 224 if tower == "vit16" else 256
    middle = picture[:, (260 - side) // 2 : (260 + side) // 2, (300 - side) // 2 : (300 + side) // 2]
    with torch.no_grad():
        expected = network(torch.from_numpy(middle)[None])[0].numpy()
    assert model.picture(picture) == pytest.approx(expected, abs=1e-4)
    assert model.picture(picture).shape == (model.width,)


def test_a_file_without_a_tower_locates_and_says_that_it_cannot_see(tmp_path):
    write_satclip(checkpoint(10), tmp_path / "satclip.safetensors")
    model = SatClip(tmp_path / "satclip.safetensors")
    with pytest.raises(Unavailable, match="image tower"):
        model.picture(np.zeros((13, 256, 256), np.float32))
