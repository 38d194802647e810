import numpy as np
import pytest
import torch

from backend.training.degradation import degraded, halved
from backend.training.generator import Run
from backend.training.generator_pairs import Drawer
from tests.backend.models.generators import TINY
from tests.backend.training.packed import write_one_picture
from tests.backend.training.stopping import STEPS, check_stopping


@pytest.fixture
def drawer(tmp_path):
    write_one_picture(tmp_path / "pack.zip", 96, 96)
    return Drawer(tmp_path / "pack.zip", [], 32)


def test_pairs_are_what_an_enlarged_picture_lacks(drawer):
    pairs = drawer.draw(6, np.random.default_rng(0))
    assert pairs.lacking.shape == (6, 3, 32, 32)
    assert pairs.low.shape == (6, 3, 8, 8)
    assert set(pairs.metres.tolist()) <= {np.float32(0.4), np.float32(0.8)}
    again = drawer.draw(6, np.random.default_rng(0))
    assert torch.equal(pairs.lacking, again.lacking)


def test_a_stopped_run_ends_as_one_that_was_not(drawer, tmp_path):
    check_stopping(lambda folder: Run(drawer, folder, 1, 2, STEPS, torch.device("cpu"), TINY), tmp_path)


def test_damage_leaves_a_picture_of_the_size_wanted():
    picture = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    assert degraded(picture, 4, np.random.default_rng(1)).shape == (16, 16, 3)
    assert halved(picture, 4)[0, 0] == pytest.approx(picture[:4, :4].mean((0, 1)), abs=0.5)
