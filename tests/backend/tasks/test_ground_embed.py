"""Phrases and vectors over whole images, with an embedder whose features are the colours themselves."""

import numpy as np
import pytest
import rasterio

from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source
from backend.tasks.embed import coarser, embed_chips, embed_dense, embed_folder
from backend.tasks.mosaic import mosaic

COLOURS = {"red": (1, -1, -1), "green": (-1, 1, -1)}


class Colours:
    """Dense features are mean colours of 4 x 4 pixels; a phrase is a direction of colour."""

    input_size = 256

    def embed(self, image, valid=None):
        vector = image.reshape(-1, 3).mean(0).astype(np.float32)
        return vector / np.linalg.norm(vector), np.full(4, 0.25, np.float32)

    def dense(self, image, valid):
        rows, columns = (-(-side // 4) for side in image.shape[:2])
        padded = np.pad(image, ((0, rows * 4 - image.shape[0]), (0, columns * 4 - image.shape[1]), (0, 0)), "edge")
        return padded.reshape(rows, 4, columns, 4, 3).mean((1, 3)).transpose(2, 0, 1).astype(np.float32)

    def phrases(self, phrases):
        return np.array([COLOURS[phrase] for phrase in phrases], np.float32)

    def scores(self, dense, phrases):
        return np.tensordot(phrases, dense, axes=1) / 20

    def close(self):
        pass


def silent(percent, message):
    pass


@pytest.fixture
def scene(tmp_path):
    """Red left, green right, grey below, no data in a corner; 0.5 m pixels."""
    image = np.zeros((3, 400, 520), np.uint8)
    image[0, :300, :260], image[1, :300, 260:], image[:, 300:] = 200, 200, 90
    image[:, :40, :40] = 0
    path = tmp_path / "scene.tif"
    where = rasterio.transform.from_origin(500000, 4000000, 0.5, 0.5)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=520,
        height=400,
        count=3,
        dtype="uint8",
        crs="EPSG:32645",
        transform=where,
        nodata=0,
    ) as target:
        target.write(np.maximum(image, 1))
        target.write(np.where(image[:, :40, :40] == 0, 0, 1).astype(np.uint8), window=((0, 40), (0, 40)))
    with SourceReader(Source(path=str(path)), path) as reader:
        yield reader


def test_crops_join_without_seams(scene):
    whole = mosaic(scene, 1024, Colours().dense, silent)
    parts = mosaic(scene, 256, Colours().dense, silent)
    assert whole.shape == parts.shape == (3, 100, 130)
    assert np.nanmax(np.abs(whole - parts)) < 1e-3
    assert np.array_equal(np.isnan(whole), np.isnan(parts))


def test_dense_features_lie_on_the_ground_where_their_pixels_do(scene, tmp_path):
    embed_dense(scene, Colours(), tmp_path / "e.tif", silent)
    with rasterio.open(tmp_path / "e.tif") as found:
        assert (found.count, found.width, found.height) == (3, 130, 100)
        assert found.transform.a == 2.0
        assert found.crs.to_epsg() == 32645
        assert np.isnan(found.read(1)[:9, :9]).all()
        assert found.read(1)[50, 20] == pytest.approx(200)
    assert coarser(scene.grid, (100, 130)).transform.c == 500000


def test_chips_without_data_are_left_out(scene, tmp_path):
    assert embed_chips(scene, Colours(), tmp_path / "c.parquet", 40, 40, silent) == 13 * 10 - 1
    assert (tmp_path / "c.parquet").stat().st_size > 129 * 12


@pytest.mark.parametrize(("size", "stride"), [(4, 4), (64, 0), (500, 10)])
def test_chips_that_cannot_be(scene, tmp_path, size, stride):
    with pytest.raises(BadInput) as raised:
        embed_chips(scene, Colours(), tmp_path / "c.parquet", size, stride, silent)
    assert raised.value.code == codes.PARAMETER_INVALID


def test_a_folder_of_pictures(scene, tmp_path):
    assert embed_folder(tmp_path, Colours(), tmp_path / "v.parquet", silent) == 1
    assert b"scene.tif" in (tmp_path / "v.parquet").read_bytes()
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput):
        embed_folder(tmp_path / "empty", Colours(), tmp_path / "v.parquet", silent)
