"""On a real GPU: the promptable models in half precision, unloading, a memory that runs out. Run with `-m gpu`.

None of these has run yet: no GPU was at hand when they were written.
"""

import numpy as np
import pytest
import torch

from backend.device import choose_device
from backend.models import onnx_segmenter
from backend.models.catalog_exported import exported
from backend.models.onnx_export import export_onnx
from tests.backend.models.promptable import FAMILIES, PROMPTS, loaded, picture, prompts, saved, spec_of
from tests.benchmarks.gpu_segment import fill_up, held, save_random

DEVICE = choose_device("cuda")
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(DEVICE.kind != "cuda", reason=DEVICE.notice or "no CUDA device")]


@pytest.fixture(params=FAMILIES)
def family(request, tmp_path):
    saved(request.param, tmp_path)
    return request.param, tmp_path


def test_the_probe_names_the_gpu():
    assert DEVICE.notice == ""
    assert 0 < DEVICE.free <= DEVICE.memory
    assert DEVICE.name == torch.cuda.get_device_name(0)


@pytest.mark.parametrize("asked", PROMPTS)
def test_half_precision_stays_near_the_cpu(family, asked):
    name, folder = family
    ours, plain = FAMILIES[name].module.load(spec_of(name), folder, DEVICE), loaded(name, folder)
    image = picture(90, 100)
    results = [m.decode(m.encode(*image), PROMPTS[asked]).logits for m in (ours, plain)]
    assert np.abs(results[0] - results[1]).mean() < 0.1 * results[1].std()


def test_compiled_models_agree_and_take_any_number_of_points(family):
    name, folder = family
    compiled = FAMILIES[name].module.load(spec_of(name, compile=True), folder, DEVICE)
    plain = FAMILIES[name].module.load(spec_of(name), folder, DEVICE)
    image = picture(90, 100)
    embeddings = [m.encode(*image) for m in (compiled, plain)]
    for count in range(2, 7):
        asked = prompts(np.linspace(5, 80, 2 * count).reshape(count, 2))
        results = [m.decode(e, asked).logits for m, e in zip((compiled, plain), embeddings, strict=True)]
        assert np.abs(results[0] - results[1]).mean() < 0.05 * results[1].std()


def test_unloading_gives_the_memory_back(family):
    name, folder = family
    before = held(DEVICE)
    model = FAMILIES[name].module.load(spec_of(name), folder, DEVICE)
    model.decode(model.encode(*picture(90, 100)), prompts())
    assert held(DEVICE) > before
    model.close()
    assert held(DEVICE) == pytest.approx(before, abs=1)


def test_a_full_gpu_moves_the_model_to_the_cpu(tmp_path):
    save_random("tiny", tmp_path)
    model = fill_up(tmp_path, DEVICE, "tiny")
    assert model.device.kind == "cpu"
    assert "ran out" in model.notice


def test_exported_models_say_where_they_run(family):
    name, folder = family
    target = folder / "models" / "onnx-x"
    target.parent.mkdir()
    export_onnx(spec_of(name), folder, target)
    model = onnx_segmenter.load(exported(target.parent)[0], target, DEVICE)
    assert (model.device.kind == "cuda") == (model.notice == "")
    plain = loaded(name, folder)
    image = picture(90, 100)
    results = [m.decode(m.encode(*image), prompts()).logits for m in (model, plain)]
    np.testing.assert_allclose(results[0], results[1], atol=0.05)
