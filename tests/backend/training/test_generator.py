import io
import json
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from backend.training.degradation import degraded, halved
from backend.training.generator import Run
from backend.training.generator_pairs import Drawer


@pytest.fixture
def drawer(tmp_path):
    path, chance = tmp_path / "pack.zip", np.random.default_rng(0)
    packed = io.BytesIO()
    Image.fromarray(chance.integers(0, 255, (96, 96, 3)).astype(np.uint8)).save(packed, "JPEG")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dubai_1.jpg", packed.getvalue())
        archive.writestr("index.json", json.dumps({"entries": [{"name": "dubai_1", "metres": 0.4}], "eurosat": 0}))
    return Drawer(path, [], 32)


def run(drawer, folder, steps):
    made = Run(drawer, folder, 1, 2, 4, torch.device("cpu"))
    made._steps, whole = steps, made._steps
    made.finish()
    made._steps = whole
    return made


def test_pairs_are_what_an_enlarged_picture_lacks(drawer):
    pairs = drawer.draw(6, np.random.default_rng(0))
    assert pairs.lacking.shape == (6, 3, 32, 32)
    assert pairs.low.shape == (6, 3, 8, 8)
    assert set(pairs.metres.tolist()) <= {np.float32(0.4), np.float32(0.8)}
    again = drawer.draw(6, np.random.default_rng(0))
    assert torch.equal(pairs.lacking, again.lacking)


def test_a_stopped_run_ends_as_one_that_was_not(drawer, tmp_path):
    whole = run(drawer, tmp_path / "whole", 3)
    run(drawer, tmp_path / "parts", 1)
    parts = run(drawer, tmp_path / "parts", 3)
    assert whole.losses == parts.losses
    for one, other in zip(whole.network.parameters(), parts.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_damage_leaves_a_picture_of_the_size_wanted():
    picture = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    assert degraded(picture, 4, np.random.default_rng(1)).shape == (16, 16, 3)
    assert halved(picture, 4)[0, 0] == pytest.approx(picture[:4, :4].mean((0, 1)), abs=0.5)
