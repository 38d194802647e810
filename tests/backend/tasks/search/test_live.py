"""What of vectors is in memory while a person clicks, and how it is drawn."""

import numpy as np
import pytest
import shapely
from affine import Affine

from backend.errors import Superseded
from backend.geo.raster import Grid
from backend.protocol.asks import NO_DATA, View
from backend.protocol.prompts import Box
from backend.tasks.search.background import background_of
from backend.tasks.search.by_examples import like
from backend.tasks.search.cells import MOST_CELLS, cells_of
from backend.tasks.search.likeness import as_bytes
from backend.tasks.search.live_field import LiveField
from backend.tasks.search.live_table import LiveTable
from backend.tasks.search.tiles import Tiles
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable

WIDTH = 16


class Memory:
    """A field in memory that counts what is read of it."""

    def __init__(self, rows, columns):
        values = np.random.default_rng(0).normal(0, 1, (WIDTH, rows, columns)).astype(np.float32)
        self.values = values / np.linalg.norm(values, axis=0)
        self.values[:, 10:20, 30:40] = np.nan
        self.grid = Grid(columns, rows, Affine(2, 0, 100, 0, -2, 900), "EPSG:32640")
        self.identity, self.name, self.fingerprint, self.reads = Identity("m", "", WIDTH), "memory", (), 0

    def read(self, window, step=1):
        self.reads += 1
        return self.values[
            :, window.row : window.row + window.height : step, window.col : window.col + window.width : step
        ]

    def close(self):
        pass


@pytest.fixture
def field():
    return Memory(600, 700)


def view(c0, r0, c1, r1, columns, rows):
    return View(Box(100 + 2 * c0, 900 - 2 * r1, 100 + 2 * c1, 900 - 2 * r0), columns, rows)


def first(vectors):
    return np.clip(np.round(125 + 100 * vectors[:, 0]), 0, 250).astype(np.uint8)


@pytest.mark.parametrize(("asked", "step"), [(view(5, 3, 650, 590, 645, 587), 1), (view(0, 0, 700, 600, 87, 75), 8)])
def test_a_view_over_several_tiles_is_what_is_in_the_field(field, asked, step):
    drawn = LiveField(field).draw(asked, first, lambda: None)
    cells = cells_of(asked, field.grid, WIDTH)
    window = cells.window
    whole = field.values[
        :, window.row : window.row + window.height : step, window.col : window.col + window.width : step
    ]
    expected = first(np.nan_to_num(whole.reshape(WIDTH, -1).T)).reshape(whole.shape[1:])
    known = ~np.isnan(whole[0])
    assert drawn.image.shape == expected.shape
    assert np.abs(drawn.image[known].astype(int) - expected[known]).max() <= 1
    assert (drawn.image[~known] == NO_DATA).all()
    assert drawn.extent == cells.extent


def test_the_next_click_reads_nothing_and_a_moved_view_only_what_is_new(field):
    live = LiveField(field)
    live.draw(view(0, 0, 500, 500, 500, 500), first, lambda: None)
    read = field.reads
    live.draw(view(0, 0, 500, 500, 500, 500), first, lambda: None)
    live.draw(view(5, 5, 505, 505, 500, 500), first, lambda: None)
    assert (read, field.reads) == (4, 4)


def test_tiles_beyond_the_most_are_dropped(field):
    tiles = Tiles(field, most=256 * 256 * WIDTH)
    cells = cells_of(view(0, 0, 500, 500, 500, 500), field.grid, WIDTH)
    for _ in range(2):
        tiles.draw(cells, first, NO_DATA, lambda: None)
    assert field.reads == 8
    assert len(tiles._kept) == 1


def test_a_view_is_never_finer_than_the_grid_nor_larger_than_memory(field):
    close = cells_of(view(10, 10, 12, 12, 1000, 1000), field.grid, WIDTH)
    assert (close.columns, close.rows, close.step) == (2, 2, 1)
    large = Grid(1_000_000, 800_000, Affine(1, 0, 0, 0, -1, 800_000), "")
    cells = cells_of(View(Box(0, 0, 1_000_000, 800_000), 4000, 1000), large, 64)
    assert cells.columns * cells.rows <= MOST_CELLS
    assert cells_of(View(Box(-10, -10, -5, -5), 10, 10), large, 64) is None


def test_an_old_question_stops_between_tiles(field):
    def stale():
        raise Superseded

    with pytest.raises(Superseded):
        LiveField(field).draw(view(0, 0, 500, 500, 500, 500), first, stale)
    assert field.reads == 0


@pytest.fixture
def table():
    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.Point(30, 5)], object)
    vectors = np.eye(3, WIDTH, dtype=np.float32)
    return VectorTable(vectors, shapes, "", ["a", "b", "c"], Identity("m", "", WIDTH), "chips", ())


def test_chips_and_points_are_drawn_where_they_lie(table):
    live = LiveTable(table)
    drawn = live.draw(View(Box(0, 0, 40, 20), 80, 40), lambda some: (1 + some.argmax(1)).astype(np.uint8), lambda: None)
    assert (drawn.image[20:, :20] == 1).all()
    assert (drawn.image[20:, 20:40] == 2).all()
    assert (drawn.image[:20] == NO_DATA).all()
    assert drawn.image[30, 60] == 3
    assert 7 * 7 <= (drawn.image == 3).sum() <= 8 * 8
    far = live.draw(View(Box(0, 0, 4000, 2000), 80, 40), lambda some: np.ones(len(some), np.uint8), lambda: None)
    assert (far.image == 1).any()


def test_scores_go_from_the_rest_to_what_is_shown(field):
    background = background_of(field)
    wanted, unwanted = field.values[:, 100, 100], field.values[:, 200, 200]
    likeness = like([wanted[None]], [unwanted[None]], background)
    rest = (background.mean + unwanted) / 2
    assert likeness(np.stack([wanted, rest.astype(np.float32)])) == pytest.approx([1, 0], abs=1e-4)
    assert as_bytes(likeness, wanted[None])[0] == round(250 / 1.5)
