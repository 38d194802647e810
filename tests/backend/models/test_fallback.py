"""A GPU whose memory runs out, played on the CPU: the real models, and torch's real exception."""

import numpy as np
import pytest
import torch

from backend.device import ComputeDevice
from backend.models import sam2
from backend.models.fallback import FallbackSegmenter
from tests.backend.models.promptable import PROMPTS, loaded, picture, prompts, saved, spec_of

GPU = ComputeDevice("cuda", "GPU of 6 GB", "float16", 6_000_000_000, 5_000_000_000)


class FullGpu:
    """Builds models whose encoder or decoder finds the memory full, as long as they are on the "GPU"."""

    def __init__(self, where):
        self.where = where
        self.asked = []
        self.closed = 0

    def __call__(self, spec, folder, device):
        self.asked.append(device.kind)
        if device.kind == "cpu":
            return sam2.build(spec, folder, device)
        if self.where == "load":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        model = sam2.build(spec, folder, ComputeDevice("cpu", "stands in"))
        setattr(model, self.where, self.full)
        model.close = self.close
        return model

    def full(self, *_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    def close(self):
        self.closed += 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sam2")
    saved("sam2", path)
    return path


@pytest.mark.parametrize("where", ["load", "encode", "decode"])
def test_the_model_moves_to_the_cpu_and_says_so(folder, where):
    build = FullGpu(where)
    model = FallbackSegmenter(build, spec_of("sam2"), folder, GPU)
    image = picture(90, 100)
    decoded = model.decode(model.encode(*image), PROMPTS["box"])
    plain = loaded("sam2", folder)
    np.testing.assert_array_equal(decoded.logits, plain.decode(plain.encode(*image), PROMPTS["box"]).logits)
    assert build.asked == ["cuda", "cpu"]
    assert build.closed == (0 if where == "load" else 1)
    assert model.device.kind == "cpu"
    assert "memory of GPU of 6 GB ran out" in model.notice
    assert "CPU" in model.notice


def test_other_errors_are_not_swallowed(folder):
    model = loaded("sam2", folder)
    with pytest.raises(RuntimeError, match="size"):
        model.decode(model.encode(*picture(90, 100)), prompts(logits=np.zeros((9, 9), np.float32)))
    assert model.notice == ""


def test_closing_frees_the_weights(folder):
    model = loaded("sam2", folder)
    model.close()
    assert model._model._encoder is model._model._decoder is None
