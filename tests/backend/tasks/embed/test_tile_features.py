"""Tiles through the model: in order, always as many at once, fewer where the memory is short; and kept for later."""

import numpy as np
import pytest

from backend.geo.raster import Window
from backend.tasks.embed.kept import KeptTiles, Tile
from backend.tasks.embed.pixels import Seen
from backend.tasks.embed.stages import Stages
from backend.tasks.embed.tile_features import TileFeatures
from tests.backend.tasks.embed.conftest import Colours


class OutOfMemoryError(RuntimeError):
    """Called like torch's."""


class Many(Colours):
    """Takes several pictures; `room` is how many fit."""

    def __init__(self, room=8):
        super().__init__()
        self.room, self.sizes = room, []

    def dense_batch(self, images, valid):
        if len(images) > self.room:
            raise OutOfMemoryError
        self.sizes.append((len(images), images.shape[1:3]))
        return np.stack([self.dense(image, known) for image, known in zip(images, valid, strict=True)])


class Noise:
    """Pixels of noise; none in tiles of the third column, smaller tiles in the fifth."""

    def read(self, window):
        if window.col == 128:
            return None
        side = 40 if window.col == 256 else 64
        drawn = np.random.default_rng(window.col)
        return Seen(drawn.integers(0, 256, (side, side, 3), np.uint8), np.ones((side, side), np.bool_))


PLACES = [Window(64 * number, 0, 64, 64) for number in range(11)]


def features(model, batch):
    told = []
    found = list(TileFeatures(Noise(), model, batch, Stages(), told.append).of(PLACES))
    assert told == sorted(told)
    assert [place for place, _ in found] == PLACES
    return [tile for _, tile in found]


def test_batches_are_of_one_size_and_shape_and_give_what_single_pictures_do():
    model = Many()
    for one, other in zip(features(Colours(), 1), features(model, 4), strict=True):
        assert np.array_equal(one.features, other.features)
        assert np.array_equal(one.known, other.known)
    assert {count for count, _ in model.sizes} == {4}
    assert {shape for _, shape in model.sizes} == {(64, 64), (40, 40)}


@pytest.mark.parametrize("room", [2, 0])
def test_where_a_batch_does_not_fit_half_of_it_is_tried(room):
    model = Many(room)
    for one, other in zip(features(Colours(), 1), features(model, 8), strict=True):
        assert np.array_equal(one.features, other.features)
    assert {count for count, _ in model.sizes} == ({2} if room else set())


def test_a_tile_without_data_costs_the_model_nothing():
    model = Colours()
    assert not features(model, 1)[2].known.size
    assert model.calls == len(PLACES) - 1


def test_tiles_come_back_from_files_as_they_were(tmp_path):
    kept = KeptTiles(tmp_path / "tiles")
    drawn = np.random.default_rng(0)
    tile = Tile(drawn.normal(size=(3, 5, 4)).astype(np.float32), drawn.random((5, 4)) > 0.5)
    place = Window(4, 8, 16, 20)
    kept.hold(place, tile)
    kept.store(place, tile)
    assert not kept._held
    found = kept.take(place)
    assert np.array_equal(found.features, tile.features)
    assert np.array_equal(found.known, tile.known)
    kept.forget(place)
    assert kept.take(place) is None
    kept.hold(place, tile)
    kept.store(place, tile)
    assert KeptTiles(tmp_path / "tiles").take(place) is None, "what another run left may be torn"
