"""GeoEmbed's port: the arithmetic of its parts, and its graph against torch. The real weights do not ship."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.geoembed import GeoEmbed  # noqa: E402
from backend.models.geoembed_network import SIDE, GeoEmbedNetwork, from_npz  # noqa: E402
from backend.training.geoembed import write  # noqa: E402


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    torch.manual_seed(0)
    state = GeoEmbedNetwork().state_dict()
    arrays = {key: value.numpy() for key, value in state.items() if not key.endswith("tracked")}
    arrays["fc.weight"] = arrays["fc.weight"].T
    path = tmp_path_factory.mktemp("geoembed") / "v3.npz"
    np.savez(path, **arrays)
    return path


def test_the_graph_agrees_with_torch(npz, tmp_path):
    write(npz, tmp_path / "geoembed.onnx")
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    vector, weights = GeoEmbed(tmp_path / "geoembed.onnx", SIDE).embed(image)
    with torch.no_grad():
        expected = from_npz(npz)(torch.from_numpy(image).permute(2, 0, 1)[None].float() / 127.5 - 1)[0].numpy()
    assert np.abs(vector - expected).max() < 1e-3
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    assert weights.size == 0


def test_another_file_is_not_taken_for_weights(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(KeyError):
        from_npz(tmp_path / "other.npz")
