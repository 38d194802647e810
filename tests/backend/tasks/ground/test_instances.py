"""Objects of score maps, unit by unit: the same ones however the map is cut, each gone once it is finished."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from scipy import ndimage

from backend.geo.raster import Grid, Window
from backend.tasks.ground.area import Area
from backend.tasks.ground.instances import find_instances
from backend.tasks.ground.open_objects import OpenObjects
from backend.tasks.ground.pieces import Piece, pieces_of, united
from backend.tasks.ground.quantise import least_logit
from backend.tasks.ground.rasters import Rasters, grid_of
from backend.tasks.ground.units import units_of, write_unit

LEAST = least_logit(0.5)
GRID = Grid(600, 500, Affine.identity(), "")
WHOLE = Window(0, 0, GRID.width, GRID.height)


def stuff(seed, size=6.0):
    """Return logits of ragged stuff, half of all pixels."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(GRID.height, GRID.width)), size)
    return (noise / noise.std())[None].astype(np.float32)


def things(seed, count=60):
    """Return logits of round things of 12 to 50 pixels, many of which touch."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[: GRID.height, : GRID.width]
    logits = np.full((GRID.height, GRID.width), -8.0)
    for row, column, radius in zip(
        random.uniform(0, GRID.height, count), random.uniform(0, GRID.width, count), random.uniform(6, 25, count),
        strict=True,
    ):  # fmt: skip
        far = np.hypot(rows - row, columns - column) / radius
        logits = np.maximum(logits, 6 - 6 * far**2)
    return logits[None].astype(np.float32)


def instances(logits, side, are_things, window=WHOLE, on_unit=lambda _: None):
    """Yield the objects of a map within `window`, in units of `side`."""
    with tempfile.TemporaryDirectory() as folder:
        rasters = Rasters(Path(folder), Path(folder), window, grid_of(window, GRID), ["a"] * len(logits), {})
        units = list(units_of(Area(window), (0, 0), side))
        for unit in units:
            at = unit.window
            part = logits[:, at.row : at.row + at.height, at.col : at.col + at.width]
            write_unit(rasters.unit(unit), len(part), lambda band, part=part: part[band], np.ones(part.shape[1:], bool))
        which = [are_things] * len(logits)
        yield from find_instances(rasters.logits(units), window, units, which, LEAST, 4, on_unit)


def told(found):
    """Return what is known of each object, in an order of its own."""
    return sorted((shapely.MultiPolygon(one.polygons).wkt, round(one.score, 9), one.score_max) for one in found)


def inside(found, window):
    """Return the objects that lie within `window`."""
    frame = shapely.box(window.col, window.row, window.col + window.width, window.row + window.height)
    return [one for one in found if frame.contains_properly(shapely.MultiPolygon(one.polygons))]


@pytest.mark.parametrize(("seed", "side"), [(0, 100), (2, 187), (5, 300)])
@pytest.mark.parametrize("are_things", [True, False])
def test_how_the_map_is_cut_changes_no_object(seed, side, are_things):
    logits = things(seed) if are_things else stuff(seed)
    whole = list(instances(logits, 1000, are_things))
    assert len(whole) > 5
    assert told(instances(logits, side, are_things)) == told(whole)


@pytest.mark.parametrize(("seed", "left", "top"), [(0, 64, 64), (1, 7, 121), (4, 90, 13)])
@pytest.mark.parametrize("are_things", [True, False])
def test_where_the_area_starts_changes_no_object_that_lies_in_it(seed, left, top, are_things):
    logits = things(seed) if are_things else stuff(seed)
    area = Window(left, top, 400, 350)
    away = 64 if are_things else 0  # a thing whose neighbour the edge cuts may be another
    within = Window(left + away, top + away, area.width - 2 * away, area.height - 2 * away)
    whole = inside(instances(logits, 128, are_things), within)
    assert len(whole) > 2
    assert told(inside(instances(logits, 128, are_things, area), within)) == told(whole)


def test_pieces_of_noise_are_united_as_if_never_cut():
    for seed in range(20):
        mask = np.random.default_rng(seed).random((40, 50)) < 0.6
        whole = united([pieces_of(mask.astype(np.int32), mask.astype(np.uint8), (7, 3))[1]])
        parts = [
            piece
            for rows, columns in ((np.s_[:13], np.s_[:]), (np.s_[13:], np.s_[:21]), (np.s_[13:], np.s_[21:]))
            for piece in pieces_of(
                mask[rows, columns].astype(np.int32),
                mask[rows, columns].astype(np.uint8),
                (7 + (columns.start or 0), 3 + (rows.start or 0)),
            ).values()
        ]
        assert sum(piece.pixels for piece in parts) == mask.sum()
        assert united(parts) == whole


@pytest.mark.parametrize("are_things", [True, False])
def test_an_object_leaves_before_the_rest_is_looked_at(are_things):
    logits = np.full((1, GRID.height, GRID.width), -8, np.float32)
    logits[0, 20:60, 20:60] = logits[0, 440:480, 20:60] = 3
    done = []
    first = next(instances(logits, 100, are_things, on_unit=done.append))
    assert first.polygons[0].bounds[1] < 100
    assert 0 < max(done) < 0.7


def test_no_more_than_a_row_is_held(monkeypatch):
    held = []
    finished = OpenObjects.finished

    def watched(self, seen=()):
        done = finished(self, seen)
        held.append((len(done), len(self._open)))
        return done

    monkeypatch.setattr(OpenObjects, "finished", watched)
    logits = np.full((1, GRID.height, GRID.width), -8, np.float32)
    for row in range(10, 490, 40):
        for column in range(10, 590, 40):
            logits[0, row : row + 20, column : column + 20] = 3
    found = list(instances(logits, 100, False))
    assert len(found) == 12 * 15
    assert max(done + open_ for done, open_ in held) < 60


def test_what_would_be_too_long_is_cut_where_a_unit_ends(monkeypatch):
    monkeypatch.setattr("backend.tasks.ground.instances.OpenObjects", lambda: OpenObjects(100))
    logits = stuff(3)
    cut, whole = list(instances(logits, 100, False)), list(instances(logits, 1000, False))
    assert len(cut) > len(whole)
    areas = [sum(polygon.area for one in found for polygon in one.polygons) for found in (cut, whole)]
    assert areas[0] == areas[1]
    corners = [sum(int(shapely.get_num_coordinates(p)) for p in one.polygons) for one in cut]
    assert max(corners) < max(sum(int(shapely.get_num_coordinates(p)) for p in one.polygons) for one in whole)


def test_what_is_united_through_another_is_one():
    objects = OpenObjects()
    square = shapely.box(0, 0, 1, 1)
    objects.add({number: Piece((square,), 1, number, number) for number in (1, 2, 3)})
    objects.unite(3, 9)
    objects.unite(2, 9)
    assert sorted(len(pieces) for pieces in objects.finished([1])) == [2]
    assert [len(pieces) for pieces in objects.finished()] == [1]
