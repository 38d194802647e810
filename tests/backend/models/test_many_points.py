"""Many single clicks on one crop: each has the mask that a prompt of its own has."""

import numpy as np
import pytest
import torch

from backend.device import ComputeDevice
from backend.jobs.live_model import LiveModel
from backend.models import mini_clicks, sam2, torch_runtime
from backend.models.catalog import BUILT_IN
from backend.models.fallback import FallbackSegmenter
from backend.models.loaded import LoadedModels
from backend.models.many_points import click, each_point
from backend.models.mini import load
from backend.models.mini_graphs import FOLDER
from tests.backend.models.promptable import FAMILIES, loaded, picture, saved, spec_of

POINTS = np.random.default_rng(0).uniform(2, 88, (11, 2)).astype(np.float32)
mini_ships = pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")


def same(many, single):
    assert len(many) == len(single)
    for one, other in zip(many, single, strict=True):
        reach = np.abs(other.logits).max()
        np.testing.assert_allclose(one.logits, other.logits, rtol=0, atol=2e-4 * reach)
        assert one.score == pytest.approx(other.score, abs=1e-4)
    assert len({one.logits.tobytes() for one in many}) == len(many)


@pytest.mark.parametrize("family", FAMILIES)
def test_points_decoded_together_have_the_masks_of_single_prompts(family, tmp_path, monkeypatch):
    saved(family, tmp_path)
    model = loaded(family, tmp_path)
    monkeypatch.setitem(torch_runtime.AT_ONCE, "cpu", 4)
    embedding = model.encode(*picture(90, 100))
    counted = []
    best = model._model._best
    model._model._best = lambda embedding, prompts, several: (
        counted.append(len(prompts)) or best(embedding, prompts, several)
    )
    many = list(each_point(model, embedding, POINTS))
    assert counted == [4, 4, 3]
    same(many, [model.decode(embedding, click(point)) for point in POINTS])


def test_points_that_a_full_gpu_left_open_come_from_the_cpu(tmp_path, monkeypatch):
    saved("sam2", tmp_path)
    monkeypatch.setitem(torch_runtime.AT_ONCE, "cpu", 4)

    def build(spec, folder, device):
        model = sam2.build(spec, folder, ComputeDevice("cpu", "stands in"))
        if device.kind == "cuda":
            whole = model.decode_points

            def fills(embedding, points):
                yield from whole(embedding, points[:4])
                raise torch.OutOfMemoryError("CUDA out of memory.")

            model.decode_points = fills
        return model

    model = FallbackSegmenter(build, spec_of("sam2"), tmp_path, ComputeDevice("cuda", "GPU of 6 GB"))
    embedding = model.encode(*picture(90, 100))
    many = list(model.decode_points(embedding, POINTS))
    assert "memory of GPU of 6 GB ran out" in model.notice
    same(many, [model.decode(embedding, click(point)) for point in POINTS])


@mini_ships
def test_mini_answers_with_its_first_look_at_each(monkeypatch):
    mini = load(BUILT_IN.get("mini"), None, None)
    image, valid = picture(300, 400)
    points = np.random.default_rng(1).uniform((0, 0), (400, 300), (mini_clicks.AT_ONCE + 3, 2)).astype(np.float32)
    embedding = mini.encode(image, valid)
    many = list(each_point(mini, embedding, points))
    assert not embedding.views  # nothing was encoded again
    monkeypatch.setattr(mini_clicks, "LOOKS", 1)
    same(many, [mini.decode(embedding, click(point)) for point in points])


@mini_ships
def test_a_model_by_name_answers_as_the_model_does(tmp_path):
    live = LiveModel(LoadedModels(BUILT_IN, tmp_path), "mini", "cpu")
    embedding = live.encode(*picture(64, 64))
    assert len(list(each_point(live, embedding, POINTS[:2] / 2))) == 2
    assert not embedding.views


def test_a_model_without_a_way_of_its_own_is_asked_point_by_point(tmp_path):
    live = LiveModel(LoadedModels(BUILT_IN, tmp_path), "classic", "cpu")
    embedding = live.encode(*picture(90, 100))
    many = list(each_point(live, embedding, POINTS[:3]))
    for one, point in zip(many, POINTS, strict=False):
        np.testing.assert_array_equal(one.logits, live.decode(embedding, click(point)).logits)
