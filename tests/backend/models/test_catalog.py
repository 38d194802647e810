import importlib.util
import json

from backend.models.catalog import BUILT_IN, PINS, _pinned, catalog
from backend.models.catalog_exported import DESCRIPTION
from backend.models.spec import WeightFile
from backend.models.weights import MANIFEST


def test_every_loader_names_a_module_that_is_there():
    for spec in BUILT_IN:
        module, function = spec.loader.split(":")
        assert importlib.util.find_spec(module), spec.id
        assert function == "load"


def test_weights_are_formats_that_cannot_run_code():
    for spec in BUILT_IN:
        files = spec.weights.files if spec.weights else ()
        assert all(file.name.endswith((".json", ".safetensors", ".onnx", ".txt")) for file in files)


def test_pins_are_commits_and_checksums():
    for name, pin in json.loads(PINS.read_text()).items():
        assert name in BUILT_IN.specs
        assert len(pin["revision"]) == 40
        assert all(len(file["sha256"]) in (0, 64) and file["size"] >= 0 for file in pin["files"])


def test_a_pin_replaces_estimates():
    weights = BUILT_IN.get("sam2.1-tiny").weights
    file = {"name": "model.safetensors", "size": 9, "sha256": "a" * 64}
    pinned = _pinned(weights, {"revision": "b" * 40, "files": [file]})
    assert pinned.revision == "b" * 40
    assert pinned.files == (WeightFile(**file),)
    assert pinned.repo == weights.repo


def test_exported_models_are_listed_and_broken_folders_passed_over(tmp_path):
    for name, text in (("onnx-good", '{"input_size": 64, "title": "Good"}'), ("onnx-bad", "{"), ("onnx-empty", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / DESCRIPTION).write_text(text)
        (tmp_path / name / MANIFEST).write_text("{}")
    (tmp_path / "onnx-half").mkdir()
    (tmp_path / "onnx-half" / DESCRIPTION).write_text('{"input_size": 64}')
    found = catalog(tmp_path)
    assert len(found) == len(BUILT_IN) + 1
    assert found.get("onnx-good").title == "Good (ONNX)"


def test_only_sam3_and_dinov3_are_gated():
    gated = [spec.id for spec in BUILT_IN if spec.weights and spec.weights.gated]
    dino = [spec.id for spec in BUILT_IN if spec.id.startswith("dinov3-")]
    assert sorted(gated) == sorted(["sam3-tracker", "sam3-concepts", *dino])
