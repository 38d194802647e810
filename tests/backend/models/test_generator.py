import numpy as np
import pytest
import torch

from backend.models.generator import GeneratorModel
from backend.models.generator_network import FAITHFUL, SMALL, Generator
from tests.backend.models.generators import drawn


def given(side=64, seed=0):
    made = np.random.default_rng(seed)
    noisy = made.standard_normal((1, 3, side, side), np.float32)
    return noisy, made.uniform(-1, 1, (1, 3, side // 4, side // 4)).astype(np.float32)


@torch.no_grad()
def predicted(network, noisy, low, step=500.0, metres=0.5):
    told = torch.tensor([step]), torch.tensor([metres])
    return network(torch.from_numpy(noisy), torch.from_numpy(low), *told).numpy()


@pytest.mark.parametrize(("config", "millions"), [(SMALL, (2.7, 2.8)), (FAITHFUL, (600, 650))])
def test_sizes(config, millions):
    with torch.device("meta"):
        count = sum(parameter.numel() for parameter in Generator(config).parameters()) / 1e6
    assert millions[0] < count < millions[1]


def test_the_faithful_one_has_the_shapes_of_a_window():
    with torch.device("meta"):
        network = Generator(FAITHFUL)
        found = network(torch.empty(1, 3, 256, 256), torch.empty(1, 3, 64, 64), torch.empty(1), torch.empty(1))
    assert found.shape == (1, 3, 256, 256)


def test_time_resolution_and_the_picture_before_all_count():
    network, (noisy, low) = drawn(), given()
    plain = predicted(network, noisy, low)
    for other in (predicted(network, noisy, low, 100.0), predicted(network, noisy, low, 500.0, 10.0)):
        assert np.abs(other - plain).max() > 1e-3
    assert np.abs(predicted(network, noisy, -low) - plain).max() > 1e-3


def test_what_is_far_away_changes_nothing():
    """No statistics of a window: half a window changed leaves its far edge as it was, to the bit."""
    network, (noisy, low) = drawn(), given(256)
    other, coarse = noisy.copy(), low.copy()
    other[..., 192:] += 1
    coarse[..., 48:] += 0.5
    before, after = predicted(network, noisy, low), predicted(network, other, coarse)
    assert np.array_equal(before[..., :64], after[..., :64])
    assert not np.array_equal(before[..., 192:], after[..., 192:])


def test_exported_it_predicts_the_same(tmp_path):
    from backend.training.generator_export import export

    network = drawn()
    export(network, tmp_path)
    model = GeneratorModel(tmp_path)
    for side in (64, 128):
        noisy, low = given(side)
        enlarged, shown = model.condition(low)
        assert enlarged.shape == noisy.shape
        expected = torch.nn.functional.interpolate(torch.from_numpy(low), scale_factor=4.0, mode="bicubic").numpy()
        assert enlarged == pytest.approx(expected, abs=1e-4)
        found = model.noise(noisy, shown, 500, np.array([0.5], np.float32))
        assert found == pytest.approx(predicted(network, noisy, low), abs=5e-3)  # weights of 16 bits
