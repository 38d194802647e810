import numpy as np
import pytest

from backend.device import ComputeDevice
from backend.errors import BadInput, Unavailable
from backend.models import tiers
from backend.models.catalog import BUILT_IN, CLASSIC
from backend.models.loaded import LoadedModels, model_infos
from backend.models.registry import Registry
from backend.models.segmenter import CropPrompts
from backend.models.spec import CORE, FULL, ModelSpec, WeightFile, Weights
from backend.models.weights_import import import_from
from backend.protocol import codes

CLOSED = []


class Tiny:
    input_size = 8

    def __init__(self, spec, folder, device):
        self.spec, self.folder, self.device = spec, folder, device
        self.notice = device.notice

    def close(self):
        CLOSED.append(self.spec.id)


load = Tiny


def spec(name, memory=40, weights=None, tier=CORE, loader=f"{__name__}:load"):
    return ModelSpec(name, name, ("segment",), loader, tier, 8, "fast", memory, weights)


def on(wanted):
    notice = "No NVIDIA driver. The CPU is used." if wanted == "cuda" else ""
    return ComputeDevice("cpu", "processor", notice=notice)


@pytest.fixture
def loaded(tmp_path):
    CLOSED.clear()
    registry = Registry().register(*(spec(name) for name in "abc"), CLASSIC)
    return LoadedModels(registry, tmp_path, 100, on)


def test_a_model_is_loaded_once(loaded):
    assert loaded.get("a") is loaded.get("a")
    assert loaded.held == 40


def test_the_least_recently_used_makes_room(loaded):
    loaded.get("a")
    loaded.get("b")
    loaded.get("a")
    loaded.get("c")
    assert CLOSED == ["b"]
    assert loaded.held == 80


def test_without_a_budget_half_the_memory_is_used(tmp_path):
    registry = Registry().register(*(spec(name) for name in "abc"))
    models = LoadedModels(registry, tmp_path, choose=lambda wanted: ComputeDevice("cpu", "processor", memory=160))
    for name in "abc":
        models.get(name)
    assert models.held == 80


def test_unloading_closes(loaded):
    loaded.get("a")
    loaded.get("b")
    loaded.unload("a")
    assert CLOSED == ["a"]
    loaded.unload()
    assert loaded.held == 0


def test_cuda_that_cannot_be_had_is_said(loaded):
    loaded.get("a", "cuda")
    assert "CPU is used" in loaded.notice("a", "cuda")
    assert loaded.notice("a", "auto") == ""
    assert "CPU only" in loaded.notice("classic", "cuda")


def test_unknown_missing_and_uninstallable_models_say_what_to_do(tmp_path, monkeypatch):
    weights = Weights((WeightFile("config.json", 0, ""),), "MIT", "a/b")
    registry = Registry().register(spec("w", weights=weights), spec("f", tier=FULL), spec("m", loader="no_module:load"))
    models = LoadedModels(registry, tmp_path, 100, on)
    monkeypatch.setitem(tiers.PACKAGES, FULL, ("no_such_package",))
    cases = (
        ("x", codes.MODEL_UNKNOWN),
        ("w", codes.MODEL_NOT_INSTALLED),
        ("f", codes.TIER_MISSING),
        ("m", codes.TIER_MISSING),
    )
    for model_id, code in cases:
        with pytest.raises((BadInput, Unavailable)) as caught:
            models.get(model_id)
        assert caught.value.code == code


def test_weights_are_checked_before_a_loader_sees_them(tmp_path):
    weights = Weights((WeightFile("config.json", 0, ""),), "MIT", "a/b")
    registry = Registry().register(spec("w", weights=weights))
    (tmp_path / "config.json").write_text("{}")
    import_from(registry.get("w"), tmp_path / "models", tmp_path / "config.json")
    models = LoadedModels(registry, tmp_path / "models", 100, on)
    assert models.get("w").folder == tmp_path / "models" / "w"
    models.unload()
    (tmp_path / "models" / "w" / "config.json").write_text("[]")
    with pytest.raises(Unavailable) as caught:
        models.get("w")
    assert caught.value.code == codes.WEIGHTS_MISMATCH


def test_infos_tell_what_is_installed_and_why_not(tmp_path, monkeypatch):
    monkeypatch.setitem(tiers.PACKAGES, FULL, ("no_such_package",))
    infos = {info.id: info for info in model_infos(BUILT_IN, tmp_path)}
    assert infos["classic"].installed
    assert infos["classic"].ships
    assert not infos["classic"].unavailable
    assert not infos["sam2.1-tiny"].installed
    assert infos["sam2.1-tiny"].size > 100_000_000
    assert "no_such_package" in infos["sam2.1-tiny"].unavailable
    assert infos["sam3-tracker"].gated
    made = {"geoembed", "segearth-remoteclip", "segearth-georsclip", "simfeatup", "mini-upsampler"}
    made |= {f"ssl4eo-vits16-{kind}" for kind in ("dino", "moco", "mae", "l2a", "s1")}
    made |= {
        "geoclip",
        *(f"satclip-{body}-l{degrees}" for body in ("resnet18", "resnet50", "vit16") for degrees in (10, 40)),
    }
    made |= {"metaearth", "changen2-oem", "changen2-xview2"}
    made |= {f"changestar-{size}" for size in ("vitb-s1", "vitb-s9", "vitl-s1")}
    assert {info.id for info in infos.values() if not (info.downloadable or info.ships)} == made


def test_classic_loads_through_the_same_door(tmp_path):
    model = LoadedModels(BUILT_IN, tmp_path).get("classic", "cpu")
    image = np.zeros((40, 50, 3), np.uint8)
    found = model.decode(
        model.encode(image, np.ones((40, 50), bool)),
        CropPrompts(np.array([[5, 5]], np.float32), np.ones(1, np.int32)),
    )
    assert found.logits.shape == (40, 50)
