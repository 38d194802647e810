"""Objects of a detector: joined over tiles, outlined by a segmenter, drawn into the class map."""

import contextlib
import json

import numpy as np
import pyogrio
import pytest
import shapely
from scipy import ndimage

from backend.errors import BadInput, Cancelled
from backend.geo.reader import SourceReader
from backend.models.detector import Detection
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.ground.detected import run_detector
from backend.tasks.ground.job import Grounding
from backend.tasks.ground.places import job_places
from backend.tasks.ground.refine import Refiner, unrefined
from tests.backend.tasks.conftest import Flood
from tests.backend.tasks.ground.test_job import in_metres, iou

CHANNEL = {"red": 0, "green": 1}


class Spots:
    """Finds connected patches of a colour; what it sees least of, it is least sure of."""

    input_size = 96

    def __init__(self, masks=False):
        self.masks = masks
        self.calls = 0

    def detect(self, image, valid, phrases):
        assert max(image.shape[:2]) <= self.input_size
        self.calls += 1
        found = []
        for index, phrase in enumerate(phrases):
            parts, _ = ndimage.label((image[..., CHANNEL[phrase]] > 150) & (image.sum(2) < 400))
            for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
                mask = parts == number
                box = np.array([columns.start, rows.start, columns.stop, rows.stop], np.float32)
                if mask.sum() > 8:
                    score = 0.6 + 0.3 * min(1, mask.sum() / 2000)
                    found.append(Detection(index, score, box, mask if self.masks else None))
        return sorted(found, key=lambda one: -one.score)

    def close(self):
        pass


@pytest.fixture
def detect(tmp_path):
    def run(path, model, name="run", refine=unrefined, stop=None, kept=None, **wanted):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)

        @contextlib.contextmanager
        def keep(key):
            units = (kept or folder) / f"units-{key}"
            units.mkdir(parents=True, exist_ok=True)
            yield units

        request = JobRequest("ground", "spots", Source(path=str(path)), parameters={"granularity": "region", **wanted})
        with SourceReader(request.source, path) as reader:
            places = job_places(folder, request)
            job = Grounding(request, reader, {"id": "spots"}, "Spots", places, keep, stop or (lambda *_: None))
            run_detector(job, model, refine(reader) if refine is not unrefined else refine)
        meta, _, geometry, columns = pyogrio.raw.read(folder / "instances.gpkg")
        labels = columns[list(meta["fields"]).index("label")].tolist()
        return dict(zip(shapely.from_wkb(geometry), labels, strict=True)), folder

    return run


BOXES = [((40, 30, 90, 70), "red"), ((110, 100, 280, 160), "red"), ((200, 20, 280, 60), "green")]


@pytest.mark.parametrize("masks", [False, True])
def test_objects_over_several_tiles_come_once_and_whole(scene, detect, masks):
    found, _ = detect(scene(BOXES), Spots(masks), phrases="red; green")
    assert sorted(found.values()) == ["green", "red", "red"]
    for box, colour in BOXES:
        shape = max(found, key=lambda one: iou(one, in_metres(box)))
        assert iou(shape, in_metres(box)) > 0.95
        assert found[shape] == colour


def test_a_segmenter_outlines_what_is_boxed(scene, detect):
    path = scene([((100, 100, 160, 120), "red"), ((100, 100, 120, 160), "red")])  # an L
    truth = in_metres((100, 100, 160, 120)).union(in_metres((100, 100, 120, 160)))

    class Corner(Flood):
        """Floods from the box's top left corner: the middle of an L's box is not on it."""

        def decode(self, embedding, prompts):
            box = prompts.box + np.array([6, 6, -6, -6])
            at = np.concatenate([box[:2], box[:2]]).astype(np.float32)
            return super().decode(embedding, type(prompts)(prompts.points, prompts.labels, at))

    [boxed] = detect(path, Spots(), "boxed", phrases="red")[0]
    [outlined] = detect(path, Spots(), "outlined", lambda reader: Refiner(reader, Corner(128), "flood"), phrases="red")[
        0
    ]
    assert iou(boxed, truth) < 0.7
    assert iou(outlined, truth) > 0.95


def test_the_class_map_and_the_scores_hold_the_objects(scene, detect):
    import rasterio

    _, folder = detect(scene(BOXES, hole=(0, 0, 20, 20)), Spots(), phrases="red; green")
    with rasterio.open(folder / "classes.tif") as classes, rasterio.open(folder / "scores.tif") as scores:
        assert (classes.read(1)[35:65, 45:85] == 1).all()
        assert (classes.read(1)[25:55, 205:275] == 2).all()
        assert (classes.read(1)[180:] == 0).all()
        assert abs(int(scores.read(1)[130, 200]) - 0.9 * 250) < 30
        assert (scores.read(1)[:20, :20] == 255).all()


def test_below_the_threshold_nothing_is_an_object(scene, detect):
    found, folder = detect(scene(BOXES), Spots(), phrases="red", threshold=0.95)
    assert found == {}
    assert "nearest is red" in json.loads((folder / "answer.json").read_text())["caption"]


def test_an_area_cuts_objects(scene, detect):
    area = in_metres((60, 0, 300, 220))
    found, _ = detect(scene(BOXES), Spots(), phrases="red", area=area.wkt)
    assert all(area.buffer(0.01).contains(shape) for shape in found)
    assert max(iou(shape, in_metres((60, 30, 90, 70))) for shape in found) > 0.95


def test_a_cancelled_run_asks_about_no_tile_twice(scene, detect, tmp_path):
    path, model = scene(BOXES), Spots()
    seen = []

    def at_half(percent, message):
        seen.append(percent)
        if percent > 40:
            raise Cancelled

    with pytest.raises(Cancelled):
        detect(path, model, "stopped", stop=at_half, kept=tmp_path / "kept", phrases="red")
    half = model.calls
    assert half > 0
    again, _ = detect(path, model, "again", kept=tmp_path / "kept", phrases="red")
    fresh = Spots()
    through, _ = detect(path, fresh, "through", phrases="red")
    assert model.calls == fresh.calls
    assert [shape.wkb for shape in again] == [shape.wkb for shape in through]


def test_what_two_words_of_a_phrase_find_is_one_object(scene, detect, monkeypatch):
    monkeypatch.setitem(CHANNEL, "roof", CHANNEL["red"])
    monkeypatch.setitem(CHANNEL, "house", CHANNEL["red"])
    plain, _ = detect(scene(BOXES), Spots(), phrases="roof; green")
    twice, _ = detect(scene(BOXES), Spots(), "twice", phrases="roof, house; green")
    assert sorted(twice.values()) == ["green", "roof, house", "roof, house"]
    assert {shape.wkb for shape in twice} == {shape.wkb for shape in plain}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"phrases": "red", "background": "none"}, codes.PARAMETER_INVALID),
        (
            {"example": "POLYGON ((500010 3999990, 500020 3999990, 500020 3999980, 500010 3999990))"},
            codes.PROMPT_INVALID,
        ),
    ],
)
def test_what_a_detector_cannot_do_is_said(scene, detect, wanted, code):
    with pytest.raises(BadInput) as raised:
        detect(scene(BOXES), Spots(), **wanted)
    assert raised.value.code == code
