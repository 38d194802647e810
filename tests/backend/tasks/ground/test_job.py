"""A ground job from request to files: what lies where, how it is cut, what stops and goes on."""

import json
from datetime import datetime

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from backend.errors import BadInput, Cancelled
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.ground import GroundedAnswer
from backend.protocol.source import Source
from backend.protocol.wire import load
from backend.tasks.ground.blend import Blender
from backend.tasks.ground.scorer import Scorer
from backend.tasks.tiles import TileLattice
from tests.backend.tasks.ground.conftest import Colours

BOXES = [((40, 30, 90, 70), "red"), ((110, 100, 180, 160), "red"), ((200, 20, 280, 60), "green")]
OBJECTS = {"phrases": "red; green", "granularity": "pixel"}


def objects(run):
    meta, _, geometry, columns = pyogrio.raw.read(run.folder / "instances.gpkg", layer="instances")
    rows = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)]
    return rows, shapely.from_wkb(geometry)


def told(rows, shapes):
    """Return what a run says of each object, by its name."""
    return {
        row["id"]: (row["label"], row["score"], row["area_m2"], shape) for row, shape in zip(rows, shapes, strict=True)
    }


def in_metres(box):
    left, top, right, bottom = (side / 2 for side in box)
    return shapely.box(500000 + left, 4000000 - bottom, 500000 + right, 4000000 - top)


def iou(one, other):
    return one.intersection(other).area / one.union(other).area


def test_every_object_is_found_where_it_lies(scene, ground):
    run = ground(scene(BOXES), **OBJECTS)
    rows, shapes = objects(run)
    assert sorted(row["label"] for row in rows) == ["green", "red", "red"]
    for box, colour in BOXES:
        best = max(range(len(rows)), key=lambda i: iou(shapes[i], in_metres(box)))
        assert iou(shapes[best], in_metres(box)) > 0.8
        assert rows[best]["label"] == rows[best]["phrase"] == colour
        assert rows[best]["area_m2"] == pytest.approx(in_metres(box).area, rel=0.2)
        assert 0.5 <= rows[best]["score"] <= rows[best]["score_max"] <= 1


def test_an_object_over_many_units_is_one(scene, ground):
    long = [((10, 100, 290, 130), "red"), ((140, 10, 170, 210), "red")]
    rows, shapes = objects(ground(scene(long), unit_side=64, **OBJECTS))
    assert len(rows) == 1
    assert iou(shapes[0], shapely.union_all([in_metres(box) for box, _ in long])) > 0.8


def test_the_class_map_has_values_palette_and_names(scene, ground):
    run = ground(scene(BOXES, hole=(0, 0, 20, 20)), **OBJECTS)
    with rasterio.open(run.folder / "classes.tif") as found:
        classes = found.read(1)
        assert found.colormap(1)[1] == (0xEE, 0x66, 0x77, 255)
        assert (found.width, found.height, found.count) == (300, 220, 1)
        assert found.crs.to_epsg() == 32645
    assert (classes[35:65, 45:85] == 1).all()
    assert (classes[25:55, 205:275] == 2).all()
    assert (classes[180:, :] == 0).all()
    assert "<Category>green</Category>" in (run.folder / "classes.tif.aux.xml").read_text()


def test_scores_keep_what_another_threshold_needs(scene, ground):
    path = scene(BOXES, hole=(0, 0, 20, 20))
    low, high = ground(path, "low", threshold=0.2, **OBJECTS), ground(path, "high", threshold=0.9, **OBJECTS)
    assert np.array_equal(low.read("scores.tif"), high.read("scores.tif"))
    best, score = low.read("best.tif")
    assert (low.read("scores.tif")[:, :20, :20] == 255).all()
    assert (best[:20, :20] == 0).all()
    for run, threshold in ((low, 0.2), (high, 0.9)):
        wanted = np.where((score >= round(250 * threshold)) & (best > 0), best, 0)
        assert np.array_equal(run.read("classes.tif")[0], wanted)


def test_without_background_every_pixel_with_data_has_a_phrase(scene, ground):
    classes = ground(scene(BOXES, hole=(0, 0, 20, 20)), background="none", **OBJECTS).read("classes.tif")[0]
    assert (classes[:20, :20] == 0).all()
    assert (classes[20:] > 0).all()


def test_the_answer_says_how_much_of_what_is_where(scene, ground):
    run = ground(scene(BOXES), **OBJECTS)
    answer = load(GroundedAnswer, json.loads((run.folder / "answer.json").read_text()))
    red, green = answer.phrases
    assert (red.phrase, red.index, red.count, green.count) == ("red", 1, 2, 1)
    assert red.share == pytest.approx(6200 / 66000, rel=0.2)
    assert red.area_m2 == pytest.approx(6200 / 4, rel=0.2)
    assert answer.item_count == len(answer.items) == 3
    assert all(box.box.x0 >= 500000 for box in answer.items)
    assert "red" in answer.caption
    shares = (run.folder / "shares.csv").read_text().splitlines()
    assert shares[1].startswith(f"1,red,{red.share}")


def test_where_the_area_starts_and_how_it_is_cut_changes_nothing(scene, ground):
    path = scene(BOXES)
    whole = ground(path, "whole", Colours(0.2), **OBJECTS)
    for name, (left, top, right, bottom), side in (("a", (24, 24, 290, 200), 128), ("b", (7, 13, 203, 177), 96)):
        area = ",".join(str(value) for value in in_metres((left, top, right, bottom)).bounds)
        part = ground(path, name, Colours(0.2), unit_side=side, area=area, **OBJECTS)
        for raster in ("classes.tif", "scores.tif", "best.tif"):
            assert np.array_equal(part.read(raster), whole.read(raster)[:, top:bottom, left:right])
        with rasterio.open(part.folder / "classes.tif") as found:
            assert found.transform @ (0, 0) == (500000 + left / 2, 4000000 - top / 2)


def test_a_part_sent_alone_is_seen_as_within_its_whole(scene, ground, tmp_path):
    path, left, top = scene(BOXES), 72, 40
    with rasterio.open(path) as whole:
        profile, pixels = whole.profile, whole.read()[:, top : top + 170, left : left + 200]
    with rasterio.open(tmp_path / "part.tif", "w", **profile | {"width": 200, "height": 170}) as part:
        part.write(pixels)
    alone = ground(tmp_path / "part.tif", "alone", Colours(0.2), origin=(left, top), **OBJECTS).read("scores.tif")
    within = ground(path, "within", Colours(0.2), **OBJECTS).read("scores.tif")[:, top : top + 170, left : left + 200]
    inner = np.s_[:, 64:-64, 64:-64]
    assert np.abs(alone[inner].astype(int) - within[inner]).max() <= 1


def test_tiles_meet_without_a_seam(scene):
    path = scene([])
    with SourceReader(Source(path=str(path)), path) as reader:
        lattice = TileLattice.over(300, 220, 128, 1, (0, 0))
        model = Colours(0.5)
        model.input_size = 128
        blender = Blender(reader, lattice, Scorer(model, model.phrases(["red"])))
        found = blender.window(Window(0, 0, 300, 220), lambda *_: None).full(0)
    between_tiles, overlap = 0.75 * 4, 32  # how many logits tiles differ by, and over how many pixels they pass
    assert np.abs(np.diff(found[64:-64], axis=1)).max() < 2.5 * between_tiles / overlap


def test_objects_do_not_depend_on_the_cut(scene, ground):
    path = scene(BOXES)
    found = [objects(ground(path, f"cut{side}", unit_side=side, **OBJECTS)) for side in (64, 100, 512)]
    for rows, shapes in found[1:]:
        assert told(rows, shapes) == told(*found[0])


def test_an_object_is_the_same_in_every_area_it_lies_in(scene, ground):
    path = scene(BOXES)
    whole = told(*objects(ground(path, "whole", **OBJECTS)))
    for name, (left, top, right, bottom) in (("a", (32, 22, 300, 220)), ("b", (8, 0, 270, 212))):
        area = ",".join(str(value) for value in in_metres((left, top, right, bottom)).bounds)
        part = told(*objects(ground(path, name, area=area, **OBJECTS)))
        assert {key: part[key] for key in part if key in whole}.items() <= whole.items()
        assert len(part.keys() & whole.keys()) >= 2


def test_a_polygon_leaves_out_what_is_beside_it(scene, ground):
    path = scene(BOXES)
    triangle = shapely.Polygon([(500000, 4000000), (500140, 4000000), (500000, 3999900)])
    for name, text in (("wkt", triangle.wkt), ("json", shapely.to_geojson(triangle))):
        run = ground(path, name, area=text, background="none", **OBJECTS)
        classes = run.read("classes.tif")[0]
        assert classes.shape == (200, 280)
        assert (classes[:100, :100] > 0).all()
        assert (classes[150:, 150:] == 0).all()


class Clock:
    """Says that it is a certain hour of one day."""

    def __init__(self, hour):
        self._hour = hour

    def now(self, zone):
        return datetime(2026, 11, 21, self._hour, tzinfo=zone)


@pytest.mark.parametrize("stopped_in", ["units", "objects"])
def test_a_cancelled_run_goes_on_and_gives_the_same_bytes(scene, ground, tmp_path, monkeypatch, stopped_in):
    path = scene(BOXES)
    monkeypatch.setattr("backend.tasks.record.datetime", Clock(12))
    through = ground(path, "through", **OBJECTS)

    def at_half(run):
        if run.partials and run.partials[-1].done >= run.partials[-1].total / 2 and stopped_in == "units":
            raise Cancelled
        if run.percents[-1] > 81:
            raise Cancelled

    model, kept = Colours(), tmp_path / "kept"
    with pytest.raises(Cancelled):
        ground(path, "stopped", model=model, kept=kept, stop=at_half, **OBJECTS)
    assert list((tmp_path / "stopped").iterdir()) == []
    before = model.calls
    monkeypatch.setattr("backend.tasks.record.datetime", Clock(17))
    again = ground(path, "again", model=model, kept=kept, **OBJECTS)
    fresh = Colours()
    ground(path, "fresh", model=fresh, **OBJECTS)
    assert model.calls - before < fresh.calls
    names = ("instances.gpkg", "classes.tif", "scores.tif", "best.tif", "shares.csv", "answer.json")
    for name in names:
        assert (again.folder / name).read_bytes() == (through.folder / name).read_bytes()
    one, other = (json.loads((run.folder / "run.json").read_text()) for run in (again, through))
    assert (one["started"], one["created"], other["created"]) == (
        other["started"], "2026-11-21T17:00:00Z", "2026-11-21T12:00:00Z",
    )  # fmt: skip
    timed = ("timings", "created")
    assert {key: one[key] for key in one if key not in timed} == {key: other[key] for key in other if key not in timed}


def test_another_question_does_not_take_over_what_a_stopped_one_left(scene, ground, tmp_path):
    path, kept = scene(BOXES), tmp_path / "kept"
    ground(path, "one", kept=kept, phrases="red; green", granularity="pixel")
    other = ground(path, "two", kept=kept, phrases="green; red", granularity="pixel")
    assert (other.read("classes.tif")[0][35:65, 45:85] == 2).all()


def test_what_is_done_can_be_looked_at_while_the_rest_runs(scene, ground):
    seen = []

    def look(run):
        if run.partials and run.partials[-1].done not in [done for done, _ in seen]:
            with rasterio.open(run.partials[-1].path) as dataset:
                seen.append((run.partials[-1].done, int((dataset.read(1) > 0).sum())))

    run = ground(scene(BOXES), stop=look, background="none", **OBJECTS)
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]
    assert run.partials[-1].done == run.partials[-1].total == 6
    assert run.percents == sorted(run.percents)


def test_the_whole_seen_from_afar_stays_on_the_source_grid(scene, ground):
    big = scene([((0, 0, 1100, 700), "red"), ((1100, 0, 2200, 1400), "green")], width=2200, height=1400)
    model = Colours()
    run = ground(big, model=model, unit_side=2048, phrases="red; green", granularity="image")
    classes = run.read("classes.tif")[0]
    assert classes.shape == (1400, 2200)
    assert (classes[:660, :1060] == 1).all()
    assert (classes[:, 1140:] == 2).all()
    assert not (run.folder / "instances.gpkg").exists()
    answer = json.loads((run.folder / "answer.json").read_text())
    assert answer["pixels_read"] * 4 < answer["pixels_naive"]


def test_an_example_finds_its_like(scene, ground):
    path = scene([*BOXES, ((20, 150, 60, 200), "blue"), ((220, 120, 270, 170), "blue")])
    run = ground(path, example=in_metres((22, 152, 58, 198)).wkt, granularity="pixel")
    classes = run.read("classes.tif")[0]
    assert (classes[125:165, 225:265] == 1).all()
    assert (classes[35:65, 45:85] == 0).all()
    answer = json.loads((run.folder / "answer.json").read_text())
    assert [row["phrase"] for row in answer["phrases"]] == ["like this"]


@pytest.mark.parametrize(
    ("wanted", "code", "word"),
    [
        ({"phrases": " ; "}, codes.PROMPT_INVALID, "no phrase"),
        ({"phrases": ";".join(f"red {i}" for i in range(500))}, codes.PROMPT_INVALID, "500 phrases are too many"),
        ({"phrases": "x" * 10_001}, codes.PROMPT_INVALID, "10001 characters"),
        ({"phrases": "x" * 201}, codes.PROMPT_INVALID, "201 characters"),
        ({"phrases": "красный"}, codes.PROMPT_INVALID, "English or Chinese"),
        ({"phrases": "123"}, codes.PROMPT_INVALID, "no word"),
        ({"phrases": "red", "area": "0,0,10,10"}, codes.PROMPT_OUTSIDE, "outside 'scene.tif'"),
        ({"phrases": "red", "area": "somewhere"}, codes.PARAMETER_INVALID, "WKT or GeoJSON"),
        ({"phrases": "red", "area": "POINT (1 2)"}, codes.PARAMETER_INVALID, "WKT or GeoJSON"),
        ({"phrases": "red", "area": "500000,3999990,500010,4000000"}, codes.NO_VALID_PIXELS, "no data in the area"),
        ({"phrases": "red", "threshold": 2}, codes.PARAMETER_INVALID, "threshold"),
        ({"phrases": "red", "colour": 2}, codes.PARAMETER_INVALID, "'colour'"),
        ({"phrases": 3}, codes.PARAMETER_INVALID, "text"),
    ],
)
def test_bad_input_is_told_in_one_sentence(scene, ground, wanted, code, word):
    with pytest.raises(BadInput) as raised:
        ground(scene(BOXES, hole=(0, 0, 40, 40)), **wanted)
    assert raised.value.code == code
    assert word in raised.value.detail
    assert len(raised.value.detail) < 250
    assert raised.value.detail.count(". ") == 0
