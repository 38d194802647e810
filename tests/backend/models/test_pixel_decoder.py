"""The pixel decoder: its two graphs agree with torch, scales weigh one together, and it is a dense model."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.features import rasterize
from rasterio.warp import transform_geom

torch = pytest.importorskip("torch")

from backend.models.mini import Mini  # noqa: E402
from backend.models.mini_fusion import WIDTHS  # noqa: E402
from backend.models.mini_graphs import FOLDER  # noqa: E402
from backend.models.mini_heads import FINE  # noqa: E402
from backend.models.mini_pixel import GRAPH, LEVELS, TEXT_GRAPH, has_decoder  # noqa: E402
from backend.models.pixel_decoder import PixelDecoder  # noqa: E402
from backend.training.pixel_export import export  # noqa: E402

BANEPA = Path(__file__).parents[4] / "shared" / "data" / "banepa"
PHRASES = ["building", "a very blue swimming pool", "tree"]


@pytest.fixture(scope="module")
def decoder():
    torch.manual_seed(0)
    return PixelDecoder().eval()


@pytest.fixture(scope="module")
def mini(decoder, tmp_path_factory):
    """Mini with a decoder of random weights."""
    folder = tmp_path_factory.mktemp("mini")
    for path in FOLDER.iterdir():
        shutil.copy(path, folder / path.name)
    export(decoder, folder)
    return Mini(512, folder)


@pytest.fixture(scope="module")
def picture():
    drawn = np.random.default_rng(0)
    return drawn.integers(0, 256, (70, 90, 3), np.uint8), np.ones((70, 90), bool)


def levels(side=8):
    drawn = torch.Generator().manual_seed(0)
    widths, sides = (WIDTHS[0], FINE, *WIDTHS[1:]), (8, 8, 4, 2, 1)
    return [torch.rand(1, w, side * s, side * s, generator=drawn) for w, s in zip(widths, sides, strict=True)]


def test_each_scale_has_unit_length_and_scales_weigh_one_together(decoder):
    features = decoder.features(*levels())
    assert features.shape == (1, 128, 128, 128)
    assert torch.allclose(features[:, :32].norm(dim=1), torch.ones(1, 128, 128), atol=1e-3)
    queries, weights = decoder.queries(torch.nn.functional.normalize(torch.randn(5, 384), dim=1))
    assert torch.allclose(weights.sum(1), torch.ones(5))
    lengths = queries[:, :-1].reshape(5, 4, 32).norm(dim=2)
    assert torch.allclose(lengths, weights * torch.exp(decoder.scale), atol=1e-3)


def test_graphs_agree_with_torch(decoder, mini, picture):
    view = mini.pixel
    found = mini._encoder(image=_padded(picture[0]))
    with torch.no_grad():
        given = [torch.from_numpy(found[name]) for name in LEVELS]
        features = decoder.features(*given)
        queries, weights = decoder.queries(torch.from_numpy(mini._tower(PHRASES)))
        logits = decoder.logits(decoder.scales(*given), queries)[0, :, :35, :45].numpy()
    dense = view.dense(*picture)
    assert np.abs(dense - features[0, :, :35, :45].numpy()).max() < 1e-3
    assert np.abs(view.scores(dense, view.phrases(PHRASES)) - logits).max() < 5e-3
    assert np.abs(view.scale_weights(PHRASES) - weights.numpy()).max() < 1e-4


def test_a_view_answers_as_a_dense_model_does(mini, picture):
    view = mini.pixel
    dense, phrases = view.dense(*picture), view.phrases(PHRASES)
    assert view.input_size == mini.input_size
    assert dense.shape == (128, 35, 45)
    assert phrases.shape == (3, 129)
    assert view.scores(dense, phrases).shape == (3, 35, 45)
    assert view.phrases(PHRASES[1:2]) == pytest.approx(phrases[1:2], abs=1e-5)


def test_without_its_weights_there_is_none(mini, tmp_path):
    for path in mini._folder.iterdir():
        if path.name not in (GRAPH, TEXT_GRAPH):
            shutil.copy(path, tmp_path / path.name)
    assert not has_decoder(tmp_path)
    assert Mini(512, tmp_path).pixel is None


@pytest.fixture(scope="module")
def shipped():
    found = Mini(512).pixel
    if found is None:
        pytest.skip("the decoder's weights are not in this checkout")
    return found


def drawn_scene():
    """Green ground with a bright roof and a dark blue pond."""
    image = np.empty((320, 416, 3), np.float32)
    image[:] = (92, 108, 70)
    image[60:140, 80:200] = (206, 198, 190)
    image[200:280, 240:360] = (34, 62, 92)
    image += np.random.default_rng(0).normal(0, 6, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def test_phrases_find_their_things_in_a_drawn_scene(shipped):
    dense = shipped.dense(drawn_scene(), np.ones((320, 416), bool))
    roof, pond = shipped.scores(dense, shipped.phrases(["rooftops", "lake"]))
    assert roof[35:65, 45:95].mean() > max(roof[105:135, 125:175].mean(), roof[5:25, 5:25].mean())
    assert pond[105:135, 125:175].mean() > 0 > pond[35:65, 45:95].mean()


@pytest.mark.skipif(not BANEPA.is_dir(), reason="needs the shared data")
def test_a_phrase_finds_houses_of_a_real_place(shipped):
    path = sorted((BANEPA / "images").glob("OAM-386692*.tif"))[0]
    with rasterio.open(path) as source:
        image = np.ascontiguousarray(source.read((1, 2, 3)).transpose(1, 2, 0))
        outlines = json.loads((BANEPA / "buildings.geojson").read_text())["features"]
        shapes = [transform_geom("EPSG:4326", source.crs, outline["geometry"]) for outline in outlines]
        houses = rasterize(shapes, image.shape[:2], transform=source.transform).astype(bool)[1::2, 1::2]
    found = shipped.scores(shipped.dense(image, np.ones(image.shape[:2], bool)), shipped.phrases(["rooftops"]))[0] > 0
    assert (found & houses).sum() > 0.5 * (found | houses).sum()


def _padded(image):
    return np.ascontiguousarray(np.pad(image, ((0, 26), (0, 6), (0, 0)), "edge").transpose(2, 0, 1)[None], np.float32)
