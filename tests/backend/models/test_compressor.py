"""The compressor: NumPy against torch, the published sizes, and what is wrong with a folder."""

import hashlib

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from backend.errors import BadInput  # noqa: E402
from backend.models.compressor import CARD, TENSORS, Compressor, Input, side_by_side, write_card  # noqa: E402
from backend.models.compressor_network import CompressorNetwork, column_weights  # noqa: E402

INPUTS = (Input("mini", "ab", 6), Input("rcf", "", 4), Input("mini", "ab", 6))


@pytest.fixture
def folder(tmp_path):
    torch.manual_seed(0)
    network = CompressorNetwork(16, hidden=20, width=5).eval()
    torch.nn.init.normal_(network.norm.weight)
    torch.nn.init.normal_(network.norm.bias)
    save_file(network.state_dict(), tmp_path / TENSORS)
    sha256 = hashlib.sha256((tmp_path / TENSORS).read_bytes()).hexdigest()
    (tmp_path / CARD).write_bytes(write_card(INPUTS, 5, sha256, {}))
    return tmp_path, network


def units(count, width, seed):
    found = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_numpy_gives_what_torch_gives(folder):
    path, network = folder
    vectors = [units(1500, one.width, seed) for seed, one in enumerate(INPUTS)]
    compressor = Compressor(path)
    with torch.no_grad():
        expected = network(torch.from_numpy(side_by_side(vectors))).numpy()
    assert compressor(vectors) == pytest.approx(expected, abs=1e-5)
    assert (compressor.inputs, compressor.width) == (INPUTS, 5)


def test_numbers_of_short_and_long_vectors_are_of_one_size():
    found = side_by_side([units(50, 4, 0), units(50, 900, 1)])
    assert np.square(found[:, :4]).mean() == pytest.approx(1, rel=1e-5)
    assert np.square(found[:, 4:]).mean() == pytest.approx(1, rel=1e-5)


def test_the_published_sizes():
    """Copernicus-FM, DOFA, CROMA and Scale-MAE at four seasons, Prithvi once: models.md 1.2."""
    widths = [*[768] * 4, *[1536] * 4, *[1024] * 4, 1536, *[1536] * 4]
    with torch.device("meta"):
        network = CompressorNetwork(sum(widths))
        shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
        code = network.eval()(torch.empty(32, sum(widths)))
    assert sum(widths) == 20_992
    assert (shapes["hidden.weight"], shapes["code.weight"]) == ((2048, 20_992), (1024, 2048))
    assert shapes["decoders.weight"] == (20_992, 1024)
    assert code.shape == (32, 1024)


def test_every_embedders_mean_squared_error_weighs_what_it_should():
    owners, widths, weights = [0, 0, 1], [2, 2, 3], [0.5, 2.0]
    wrong = torch.randn(10, 7)
    found = (wrong.square() @ column_weights(owners, widths, weights)).mean()
    expected = 0.5 * wrong[:, :4].square().mean() + 2 * wrong[:, 4:].square().mean()
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_nothing_is_dropped_after_training_and_a_tenth_while():
    network = CompressorNetwork(2000, 8, 2)
    dropped = (network.train().drop(torch.ones(50, 2000)) == 0).float().mean()
    assert float(dropped) == pytest.approx(0.1, abs=0.01)
    assert float(network.drop(torch.ones(50, 2000)).mean()) == pytest.approx(1, abs=0.01)
    assert (network.eval().drop(torch.ones(50, 2000)) == 1).all()


def test_a_damaged_or_missing_compressor_is_said(folder, tmp_path):
    path, _ = folder
    with pytest.raises(BadInput, match="There is no compressor in 'nothing'"):
        Compressor(tmp_path / "nothing")
    whole = (path / TENSORS).read_bytes()
    for data in (whole[:-4], whole[:-4] + b"\0\0\0\1"):
        (path / TENSORS).write_bytes(data)
        with pytest.raises(BadInput, match="damaged or cut off"):
            Compressor(path)
