"""Compiled models: the number of points may vary."""

from functools import partial

import numpy as np
import torch
from torch._dynamo.utils import counters

from tests.backend.models.promptable import loaded, picture, prompts, saved


def test_the_decoder_takes_any_number_of_points_without_compiling_anew(tmp_path, monkeypatch):
    """Traced for real; the tracer's own back end stands in for the C++ or Triton compiler."""
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager"))
    saved("sam2", tmp_path)
    plain, compiled = loaded("sam2", tmp_path), loaded("sam2", tmp_path, compile=True)
    image = picture(90, 100)
    embeddings = [model.encode(*image) for model in (plain, compiled)]
    graphs = []
    for count in range(2, 8):
        asked = prompts(np.linspace(5, 80, 2 * count).reshape(count, 2))
        results = [m.decode(e, asked).logits for m, e in zip((plain, compiled), embeddings, strict=True)]
        np.testing.assert_allclose(results[1], results[0], atol=1e-4)
        graphs.append(counters["stats"]["unique_graphs"])
    assert graphs[-1] == graphs[1] > 0
