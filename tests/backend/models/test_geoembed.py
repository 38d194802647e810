"""GeoEmbed's port: its graph against torch, the real weights where their package is installed, import and use."""

from importlib.util import find_spec

import numpy as np
import pytest
import rasterio

torch = pytest.importorskip("torch")

from backend.__main__ import main  # noqa: E402
from backend.models.geoembed import GeoEmbed  # noqa: E402
from backend.models.geoembed_network import SIDE, GeoEmbedNetwork, from_npz  # noqa: E402
from backend.training.geoembed import package_weights, write  # noqa: E402

DRAWN = (0.00879, -0.10953, -0.03558, 0.08447, -0.05567, 0.0)
"""How the vector of `drawn()` begins with the real weights, for which the package's own runtime and the port agreed
to 6e-7 on six crops of Dubai and Banepa."""


def drawn():
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return np.stack([rows * 2, columns * 2, (rows // 16 + columns // 16) % 2 * 200], 2).astype(np.uint8)


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    torch.manual_seed(0)
    state = GeoEmbedNetwork().state_dict()
    arrays = {key: value.numpy() for key, value in state.items() if not key.endswith("tracked")}
    arrays["fc.weight"] = arrays["fc.weight"].T
    path = tmp_path_factory.mktemp("geoembed") / "v3.npz"
    np.savez(path, **arrays)
    return path


@pytest.fixture(scope="module")
def graph(npz, tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "geoembed.onnx"
    write(npz, path)
    return path


def test_the_graph_agrees_with_torch(npz, graph):
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    vector, weights = GeoEmbed(graph, SIDE).embed(image)
    with torch.no_grad():
        expected = from_npz(npz)(torch.from_numpy(image).permute(2, 0, 1)[None].float() / 127.5 - 1)[0].numpy()
    assert np.abs(vector - expected).max() < 1e-3
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    assert weights.size == 0


def test_another_file_is_not_taken_for_weights(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(KeyError):
        from_npz(tmp_path / "other.npz")


def test_values_under_no_data_do_not_matter(graph):
    image, valid = drawn(), np.ones((SIDE, SIDE), bool)
    valid[:, 100:] = False
    other = image.copy()
    other[:, 100:] = 255
    model = GeoEmbed(graph, SIDE)
    assert np.array_equal(*(model.embed(one, valid)[0] for one in (image, other)))
    assert not np.array_equal(*(model.embed(one)[0] for one in (image, other)))


@pytest.mark.skipif(find_spec("geoembed") is None, reason="the package geoembed is not installed")
def test_the_real_weights_give_what_the_package_gives(tmp_path):
    write(package_weights(), tmp_path / "geoembed.onnx")
    vector, _ = GeoEmbed(tmp_path / "geoembed.onnx", SIDE).embed(drawn())
    assert vector[: len(DRAWN)] == pytest.approx(DRAWN, abs=1e-3)


def test_once_imported_it_embeds_a_folder(graph, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with rasterio.open(pictures / "a.png", "w", driver="PNG", width=64, height=64, count=3, dtype="uint8") as target:
        target.write(drawn()[::2, ::2].transpose(2, 0, 1))
    words = ["embed", str(pictures), "--images", str(tmp_path / "v.parquet"), "--model", "geoembed"]
    assert main(words) == 1
    assert "`models import geoembed PATH`" in capsys.readouterr().err
    assert main(["models", "import", "geoembed", str(graph)]) == 0
    assert main(words) == 0
    assert (tmp_path / "v.parquet").read_bytes().startswith(b"PAR1")
