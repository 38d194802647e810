import dataclasses

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from backend.device import cpu
from backend.errors import Unavailable
from backend.models.catalog_generate import FAITHFUL_SPEC
from backend.models.generator import Painter
from backend.models.generator_network import FAITHFUL, SMALL, Generator
from backend.models.metaearth import FILE, load, sizes
from tests.backend.models.generators import TINY, drawn

ATTENDS = dataclasses.replace(TINY, widths=(8, 16, 64), attends=(2,), fold=1, extra=1)


@pytest.mark.parametrize("config", [TINY, SMALL, FAITHFUL, ATTENDS])
def test_sizes_are_read_from_shapes(config):
    with torch.device("meta"):
        network = Generator(config)
    assert sizes(network.state_dict()) == config


def test_an_imported_checkpoint_predicts_as_its_network(tmp_path):
    network = drawn()
    save_file(network.state_dict(), tmp_path / FILE)
    model: Painter = load(FAITHFUL_SPEC, tmp_path, cpu())
    made = np.random.default_rng(0)
    noisy = made.standard_normal((2, 3, 64, 64), np.float32)
    low = made.uniform(-1, 1, (2, 3, 16, 16)).astype(np.float32)
    enlarged, shown = model.condition(low)
    assert enlarged.shape == noisy.shape
    found = model.noise(noisy, shown, 500, np.array([0.5, 10], np.float32))
    given = torch.from_numpy(noisy), torch.from_numpy(low), torch.tensor([500.0, 500.0]), torch.tensor([0.5, 10])
    with torch.no_grad():
        assert found == pytest.approx(network(*given).numpy(), abs=1e-5)
    assert model.input_size == 256


def test_another_networks_checkpoint_is_refused(tmp_path):
    save_file({"weight": torch.zeros(3)}, tmp_path / FILE)
    with pytest.raises(Unavailable, match="cannot be used"):
        load(FAITHFUL_SPEC, tmp_path, cpu())
