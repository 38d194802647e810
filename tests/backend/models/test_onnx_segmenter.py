"""Export and the torch-free route: onnxruntime agrees with PyTorch on points, boxes and masks."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest

from backend.device import ComputeDevice, cpu
from backend.errors import BadInput, Unavailable
from backend.models import onnx_segmenter, weights
from backend.models.catalog_exported import exported
from backend.models.onnx_export import export_onnx
from backend.models.spec import Weights
from tests.backend.models.promptable import FAMILIES, PROMPTS, loaded, picture, prompts, saved, spec_of

CLOSE = 1e-3


@pytest.fixture(scope="module", params=FAMILIES)
def pair(request, tmp_path_factory):
    """The PyTorch model, the exported one, and the folder the latter lies in."""
    folder = tmp_path_factory.mktemp(request.param)
    saved(request.param, folder)
    spec = replace(spec_of(request.param), weights=Weights((), "Apache-2.0", "a/b", "c0ffee"), licence="Apache-2.0")
    target = folder / "models" / f"onnx-{request.param}"
    target.parent.mkdir()
    export_onnx(spec, folder, target)
    ours = onnx_segmenter.load(exported(target.parent)[0], target, cpu())
    return loaded(request.param, folder), ours, target


@pytest.mark.parametrize("name", PROMPTS)
@pytest.mark.parametrize("shape", [(90, 100), (112, 112)])
def test_masks_agree_with_torch(pair, name, shape):
    torch_model, onnx_model, _ = pair
    image = picture(*shape)
    results = [m.decode(m.encode(*image), PROMPTS[name]) for m in (torch_model, onnx_model)]
    assert results[0].logits.std() > 0.1
    np.testing.assert_allclose(results[1].logits, results[0].logits, atol=CLOSE)
    np.testing.assert_allclose(results[1].memory, results[0].memory, atol=CLOSE)
    assert results[1].score == pytest.approx(results[0].score, abs=CLOSE)


@pytest.mark.parametrize("name", PROMPTS)
def test_earlier_masks_agree_with_torch(pair, name):
    torch_model, onnx_model, _ = pair
    image = picture(90, 100)
    embeddings = [m.encode(*image) for m in (torch_model, onnx_model)]
    first = torch_model.decode(embeddings[0], PROMPTS["point"])
    asked = replace(PROMPTS[name], logits=first.memory)
    results = [m.decode(e, asked).logits for m, e in zip((torch_model, onnx_model), embeddings, strict=True)]
    np.testing.assert_allclose(results[1], results[0], atol=CLOSE)
    plain = torch_model.decode(embeddings[0], PROMPTS[name]).logits
    assert np.abs(results[0] - plain).max() > CLOSE


def test_many_points_fit(pair):
    torch_model, onnx_model, _ = pair
    image = picture(90, 100)
    rng = np.random.default_rng(0)
    asked = prompts(rng.uniform(0, 90, (23, 2)), rng.integers(0, 2, 23))
    results = [m.decode(m.encode(*image), asked).logits for m in (torch_model, onnx_model)]
    np.testing.assert_allclose(results[1], results[0], atol=CLOSE)


def test_the_export_is_a_model_of_the_store(pair):
    _, _, target = pair
    (spec,) = exported(target.parent)
    manifest = weights.verify(spec, target.parent)
    assert (manifest.origin, manifest.repo, manifest.revision) == ("export", "a/b", "c0ffee")
    assert spec.licence == "Apache-2.0"
    assert {file.name for file in manifest.files} == {"encoder.onnx", "decoder.onnx", "model.json"}
    assert not list(target.parent.glob("*.export"))


def test_both_kinds_of_masks_cost_one_decoder(pair, tmp_path):
    """onnxruntime merges what the two paths share: far fewer products than two decoders would take."""
    _, _, target = pair
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    onnxruntime.InferenceSession(str(target / "decoder.onnx"), options, providers=["CPUExecutionProvider"])
    onnx = pytest.importorskip("onnx")
    count = [
        sum(node.op_type == "Softmax" for node in onnx.load(path).graph.node)
        for path in (target / "decoder.onnx", tmp_path / "optimised.onnx")
    ]
    assert count[1] == 7
    assert count[1] <= count[0]


def test_torch_is_not_needed(pair):
    _, _, target = pair
    code = (
        "import sys; sys.modules.update(torch=None, transformers=None, onnx=None)\n"
        "from pathlib import Path\nimport numpy as np\n"
        "from backend.device import choose_device\nfrom backend.models import onnx_segmenter\n"
        "from backend.models.segmenter import CropPrompts\nfrom backend.models.catalog_exported import exported\n"
        "folder = Path(sys.argv[1])\n"
        "model = onnx_segmenter.load(exported(folder.parent)[0], folder, choose_device('cpu'))\n"
        "crop = model.encode(np.zeros((50, 60, 3), np.uint8), np.ones((50, 60), bool))\n"
        "asked = CropPrompts(np.array([[9, 9]], np.float32), np.array([1], np.int32))\n"
        "print(model.decode(crop, asked).logits.shape)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "(50, 60)", done.stderr


def test_cuda_that_onnxruntime_cannot_use_is_said(pair):
    """This machine's onnxruntime has no CUDA, which is the case in question."""
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("onnxruntime was built with CUDA here")
    _, _, target = pair
    gpu = ComputeDevice("cuda", "GPU of 6 GB", "float16")
    model = onnx_segmenter.load(exported(target.parent)[0], target, gpu)
    assert model.device.kind == "cpu"
    assert "GPU of 6 GB was chosen, but the installed onnxruntime cannot use it" in model.notice


@pytest.mark.parametrize("name", ["encoder.onnx", "decoder.onnx", "model.json"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_damaged_exports_are_refused(pair, tmp_path, name, damage):
    _, _, target = pair
    for file in target.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    if damage == "cut":
        (tmp_path / name).write_bytes((target / name).read_bytes()[:100])
    else:
        (tmp_path / name).unlink()
    with pytest.raises(Unavailable, match="export it again") as error:
        onnx_segmenter.load(exported(target.parent)[0], tmp_path, cpu())
    assert error.value.code == "weights-mismatch"


def test_a_folder_with_other_things_is_not_replaced(tmp_path):
    saved("sam", tmp_path / "sam")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="precious exists"):
        export_onnx(spec_of("sam"), tmp_path / "sam", tmp_path / "precious")
    assert (tmp_path / "precious" / "thesis.txt").read_text() == "years of work"


def test_a_model_without_parts_cannot_be_exported(tmp_path):
    spec = replace(spec_of("sam"), loader="backend.models.onnx_segmenter:load", title="Other")
    with pytest.raises(BadInput, match="Other cannot be exported"):
        export_onnx(spec, tmp_path, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_the_description_is_plain_json(pair):
    _, model, target = pair
    described = json.loads((target / "model.json").read_text())
    assert described["input_size"] == model.input_size
    assert described["mask_size"] == [model.input_size * 4 // (14 if model.input_size == 112 else 16)] * 2
