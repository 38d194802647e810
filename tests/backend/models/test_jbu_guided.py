"""`upsample(features, image)` for any dense features, with torch and as ONNX."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from safetensors.torch import save_file  # noqa: E402

from backend.device import cpu  # noqa: E402
from backend.models import jbu_guided, jbu_weights  # noqa: E402
from backend.models.catalog import BUILT_IN  # noqa: E402
from backend.models.jbu_onnx import export_upsampler  # noqa: E402
from tests.backend.models.test_jbu import random_upsampler, waves  # noqa: E402


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    model = random_upsampler(6, 1, True, 2)
    torch_folder, onnx_folder = (tmp_path_factory.mktemp(name) for name in ("torch", "onnx"))
    save_file(jbu_weights.tensors(model), torch_folder / jbu_weights.FILE)
    export_upsampler(model, onnx_folder / jbu_guided.GRAPH)
    return torch_folder, onnx_folder


@pytest.fixture(scope="module")
def pair(folders):
    ids = ("simfeatup", "mini-upsampler")
    return [jbu_guided.load(BUILT_IN.get(name), folder, cpu()) for name, folder in zip(ids, folders, strict=True)]


def features(height, width, seed=0):
    return np.random.default_rng(seed).normal(size=(6, -(-height // 4), -(-width // 4))).astype(np.float32)


@pytest.mark.parametrize(("height", "width"), [(64, 48), (37, 51), (5, 3)])
def test_onnx_agrees_with_torch_at_sizes_it_was_not_traced_with(pair, height, width):
    found = [model.upsample(features(height, width), waves(height, width)) for model in pair]
    assert found[0].shape == (6, height, width)
    np.testing.assert_allclose(found[1], found[0], atol=1e-4)


def test_the_graph_holds_several_steps_or_the_first_few(tmp_path):
    model = random_upsampler(6, 1, False, 3)
    export_upsampler(model, tmp_path / "one.onnx", steps=1)
    upsampler = jbu_guided.from_graph(tmp_path / "one.onnx")
    assert upsampler.factor == 2
    assert upsampler.upsample(np.ones((6, 8, 9), np.float32), waves(16, 18)).shape == (6, 16, 18)


def test_strips_change_nothing(pair, monkeypatch):
    whole = pair[0].upsample(features(160, 40), waves(160, 40))
    calls, run = [], pair[0]._run
    monkeypatch.setattr(jbu_guided, "STRIP", 80)
    monkeypatch.setattr(pair[0], "_run", lambda cells, picture: calls.append(cells.shape[2]) or run(cells, picture))
    strips = pair[0].upsample(features(160, 40), waves(160, 40))
    assert len(calls) == 5
    assert max(calls) < 40
    np.testing.assert_allclose(strips, whole, atol=1e-4)


def test_vectors_keep_their_length(pair):
    given = features(64, 64) + 2
    given *= 3 / np.linalg.norm(given, axis=0)
    lengths = np.linalg.norm(pair[0].upsample(given, waves(64, 64)), axis=0)
    np.testing.assert_allclose(lengths, 3, rtol=1e-4)


def test_the_catalogue_names_the_files(folders):
    for name, folder in zip(("simfeatup", "mini-upsampler"), folders, strict=True):
        [file] = BUILT_IN.get(name).weights.files
        assert (folder / file.name).is_file()
