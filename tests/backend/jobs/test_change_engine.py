"""Change requests through the engine of this machine, with a painter of the tests' own in its registry."""

import json
import shutil
import threading
from types import MappingProxyType, SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.errors import BadInput, Cancelled, Unavailable
from backend.geo.category_names import sidecar
from backend.geo.class_style import style_file
from backend.geo.pyramid import is_cog
from backend.geo.read_categories import read_categories
from backend.jobs.local_engine import LocalEngine
from backend.jobs.step import Step
from backend.models import oem
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.protocol import codes
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source
from tests.backend.tasks.change import scenes

OF_ONE = ["before.tif", "after.tif", "change.tif", "contours.tif", "labels_after.tif", "labels_before.tif"]


def spec(name, tasks=("change",)):
    options = MappingProxyType({"cpu_only": True})
    loader = f"{scenes.__name__}:load"
    return ModelSpec(name, name.title(), tasks, loader, CORE, 64, "fast", 1_000_000, options=options)


@pytest.fixture
def engine(tmp_path):
    return LocalEngine(Registry().register(spec("plain"), spec("other", ("segment",))), tmp_path / "m")


class Told(Step):
    def __init__(self, stop_at=1000.0):
        self.stopped, self.notices, self.told = threading.Event(), [], []
        self.stop_at = stop_at
        super().__init__(lambda *_: None, self.stopped, lambda: None, self.notices.append)

    def __call__(self, percent, message=""):
        self.told.append((percent, message))
        if percent >= self.stop_at:
            self.stopped.set()
        super().__call__(percent, message)


class Work:
    """Where a test's files lie; runs jobs of its picture and labels."""

    def __init__(self, folder, engine):
        self.folder, self.engine = folder, engine
        self.picture(scenes.picture(scenes.labels()))
        self.labels(scenes.labels())
        self.count = 0

    def picture(self, values, **profile):
        self.image = scenes.write(self.folder / "i.tif", values, **profile)

    def labels(self, values, **profile):
        self.map = scenes.write(self.folder / "l.tif", values, **profile)

    def request(self, out="", **parameters):
        wanted = {"class": "house", "classes": scenes.CLASSES, "seed": 3, **parameters}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        output = Output(str(self.folder / out)) if out else Output()
        others = {"labels": Source(path=str(self.map))}
        return JobRequest(
            "change", "plain", Source(path=str(self.image)), others=others, parameters=wanted, output=output
        )

    def run(self, out="", step=None, **parameters):
        self.count += 1
        job = self.folder / "runs" / f"job{self.count}"
        job.mkdir(parents=True)
        wanted = self.request(out, **parameters)
        self.engine.check(wanted)
        self.step = step or Told()
        return list(self.engine.run(wanted, job, self.step))

    def refused(self, *given, **parameters):
        with pytest.raises(BadInput) as error:
            self.run(*given, **parameters)
        return error.value


@pytest.fixture
def work(tmp_path, engine):
    return Work(tmp_path, engine)


def record(folder):
    return json.loads((folder / "run.json").read_text())


def test_a_pair(work):
    files = work.run("pair", most=4)
    folder = work.folder / "pair"
    assert [file.name for file in files if file.suffix == ".tif"] == OF_ONE
    assert sorted(files) == sorted(folder.iterdir())
    assert (files[0].name, files[-1].name) == ("before.tif", "run.json")
    before, after = scenes.read(folder / "before.tif"), scenes.read(folder / "after.tif")
    change = scenes.read(folder / "change.tif").astype(bool)
    was, then = scenes.read(folder / "labels_before.tif"), scenes.read(folder / "labels_after.tif")
    assert (before == scenes.read(work.image)).all()
    assert (before[:, ~change] == after[:, ~change]).all()
    assert (change == (was != then)).all()
    assert (was == scenes.labels()).all()
    assert set(was[change]) == {1}
    tree = tuple(bytes.fromhex(oem.COLOURS[oem.TREE][1:]))
    assert (after[:, change & (then == 3)] == np.array(tree)[:, None]).all()
    outlines = scenes.read(folder / "contours.tif")
    assert outlines[10:30, 100].any()
    assert not outlines[change].any()


def test_a_margin_is_painted_and_not_told(work):
    work.run("plain", most=1)
    work.run("none", most=1, margin=0)
    work.run("wide", most=1, margin=4.0)
    plain, none, wide = (
        {name: scenes.read(work.folder / out / name) for name in OF_ONE} for out in ("plain", "none", "wide")
    )
    for name in OF_ONE:
        np.testing.assert_array_equal(plain[name], none[name])
        assert name in ("after.tif", "change.tif") or (plain[name] == wide[name]).all()
    change = wide["change.tif"]
    assert ((change == 1) == (plain["change.tif"] == 1)).all()
    same = (wide["before.tif"] == wide["after.tif"]).all(0)
    assert same[change == 0].all()
    around = change == 255
    assert (~same[around]).mean() > 0.9
    told = record(work.folder / "wide")
    assert (told["margin_m"], told["changed_share"]) == (4.0, record(work.folder / "none")["changed_share"])
    assert told["painted_around_share"] == [round(around.mean(), 6)]


def test_what_is_painted_around_has_a_name_and_a_colour(work):
    for out, margin in (("plain", 0), ("wide", 4.0)):
        work.run(out, most=1, margin=margin)
    paths = [work.folder / out / "change.tif" for out in ("plain", "wide")]
    assert [read_categories(path) for path in paths] == [
        {0: "unchanged", 1: "changed"},
        {0: "unchanged, to the bit", 1: "changed", 255: "painted around, or no data"},
    ]
    table = ElementTree.fromstring(sidecar(paths[1]).read_text()).iter("Row")
    assert [[cell.text for cell in row][:3] for row in table] == [
        ["0", "unchanged, to the bit", "0"],
        ["1", "changed", "255"],
        ["255", "painted around, or no data", "128"],
    ]
    assert ['value="255"' in style_file(path).read_text() for path in paths] == [False, True]
    tags = [rasterio.open(path).tags().get("VALUE_255") for path in paths]
    assert tags == [None, "painted around, or no data"]


@pytest.mark.parametrize(("margin", "told"), [(0.0, 0), (0.99, 1), (1.0, 0)])
def test_a_margin_of_less_than_a_pixel_paints_nothing_and_says_so(work, margin, told):
    work.run("pair", most=1, margin=margin, metres=1.0)
    painted = record(work.folder / "pair")["painted_around_share"] != [0.0]
    assert painted is (margin >= 1)
    sentence = "A margin of 0.99 m is less than a pixel, 1 m: nothing is painted around what changes."
    assert work.step.notices == [sentence] * told


def test_a_data_set_tells_of_its_margin(work):
    for out, margin in (("plain", 0), ("wide", 4.0)):
        work.run(out, count=2, side=64, most=1, margin=margin)
    plain, wide = (json.loads((work.folder / out / "catalog.json").read_text()) for out in ("plain", "wide"))
    assert "painted" not in plain["description"]
    assert "Up to 4 m around changes is painted too: 255" in wide["description"]
    item = json.loads((work.folder / "wide/pair_0001/item.json").read_text())
    told = record(work.folder / "wide/pair_0001")
    assert [item["properties"][name] == told[name] for name in ("margin_m", "painted_around_share")] == [True, True]
    meanings = {name: asset.get("file:values") for name, asset in item["assets"].items() if "file:values" in asset}
    assert [(name, values[-1]) for name, values in meanings.items()] == [
        ("change", {"values": [255], "summary": "painted around, or no data"})
    ]
    assert "margin_m" not in json.loads((work.folder / "plain/pair_0001/item.json").read_text())["properties"]


def test_what_tells_of_a_pair(work):
    work.run("pair", most=1)
    told = record(work.folder / "pair")
    assert told["synthetic"] is True
    assert (told["seed"], told["task"], told["model"]["id"]) == (3, "change", "plain")
    [[change]] = told["changes"]
    assert (change["kind"], change["before"], change["after"], change["pixels"]) == ("remove", "house", "tree", 600)
    assert told["changed_share"] == [round(600 / (160 * 200), 6)]
    assert {one["name"]: (one["like"], one["how"]) for one in told["labels"]["classes"]} == {
        "unknown": ("unknown", "same"),
        "house": ("building", "synonym"),
        "road": ("road", "same"),
        "tree": ("tree", "same"),
    }
    assert {one["name"] for one in told["outputs"]} == set(OF_ONE)
    assert str(work.folder) not in (work.folder / "pair" / "run.json").read_text()


def test_each_step_of_a_sequence_has_its_margin(work):
    work.run("s", times=3, most=2, margin=3)
    pictures = [scenes.read(work.folder / "s" / f"{name}.tif") for name in ("before", "after_1", "after_2")]
    for number in (1, 2):
        change = scenes.read(work.folder / "s" / f"change_{number}.tif")
        assert (change == 255).any()
        assert (pictures[number - 1] == pictures[number])[:, change == 0].all()


def test_what_is_synthetic_says_so_and_what_is_real_does_not(work):
    work.run("pair")
    marked = {}
    for name in OF_ONE:
        path = work.folder / "pair" / name
        assert is_cog(path)
        with rasterio.open(path) as dataset:
            marked[name] = dataset.tags().get("AI_GENERATED") == "YES"
            xmp = dataset.tags(ns="xml:XMP").get("xml:XMP", "")
            assert ("compositeWithTrainedAlgorithmicMedia" in xmp) == marked[name]
            assert dataset.crs.to_epsg() == 32640
            assert dataset.transform == scenes.PLACE
    assert [name for name in OF_ONE if marked[name]] == ["after.tif", "change.tif", "labels_after.tif"]


def test_the_same_seed_gives_the_same_bytes_and_another_others(work):
    for out, seed in (("a", 3), ("b", 3), ("c", 4)):
        work.run(out, seed=seed, most=4)
    one, two, other = (
        {path.name: path.read_bytes() for path in sorted((work.folder / out).glob("*.tif"))} for out in "abc"
    )
    assert one == two
    assert one["labels_after.tif"] != other["labels_after.tif"]


def test_a_sequence(work):
    work.run("s", event="mix", times=4, most=2)
    folder = work.folder / "s"
    pictures = [scenes.read(folder / f"{name}.tif") for name in ("before", "after_1", "after_2", "after_3")]
    labels = [scenes.read(folder / f"labels_{n}.tif") for n in ("before", "after_1", "after_2", "after_3")]
    for number in (1, 2, 3):
        change = scenes.read(folder / f"change_{number}.tif").astype(bool)
        assert (change == (labels[number - 1] != labels[number])).all()
        assert (pictures[number - 1][:, ~change] == pictures[number][:, ~change]).all()
    assert not (folder / "after.tif").exists()
    assert len(record(folder)["changes"]) == 3


def test_a_data_set(work):
    files = work.run("set", count=12, side=64, validation=0.3, test=0.3)
    folder = work.folder / "set"
    assert files[0] == folder / "catalog.json"
    pairs = sorted(path.name for path in folder.glob("pair_*"))
    assert pairs == [f"pair_{number:04d}" for number in range(1, 13)]
    parts = {part: (folder / "splits" / f"{part}.txt").read_text().split() for part in ("train", "validation", "test")}
    assert sorted(name for names in parts.values() for name in names) == pairs
    assert all(parts.values())
    places = {}
    for part, names in parts.items():
        for name in names:
            told = record(folder / name)
            assert scenes.read(folder / name / "change.tif").any()
            assert told["window"][2:] == [64, 64]
            assert places.setdefault(tuple(told["window"]), part) == part
    boxes = [(col, row, col + 64, row + 64) for col, row, *_ in places]
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a in boxes for b in boxes if a != b]
    assert all(apart)
    catalog = json.loads((folder / "catalog.json").read_text())
    assert catalog["title"].startswith("SYNTHETIC")
    assert [link["href"] for link in catalog["links"][1:]] == [f"./{name}/item.json" for name in pairs]
    item = json.loads((folder / pairs[0] / "item.json").read_text())
    assert (item["properties"]["synthetic"], item["type"]) == (True, "Feature")
    assert {key: asset.get("synthetic") for key, asset in item["assets"].items()} == {
        "before": False, "after": True, "change": True, "labels_before": False, "labels_after": True,
        "contours": False, "run": None,
    }  # fmt: skip
    col, row, *_ = record(folder / pairs[0])["window"]
    with rasterio.open(folder / pairs[0] / "before.tif") as dataset:
        assert dataset.transform == scenes.PLACE @ Affine.translation(col, row)
        assert (dataset.read() == scenes.read(work.image)[:, row : row + 64, col : col + 64]).all()


def test_pairs_of_one_place_are_all_for_training(work):
    work.run("set", count=3)
    assert record(work.folder / "set")["splits"] == {"train": 3}
    assert "All pairs are for training" in work.step.notices[0]
    changes = [scenes.read(work.folder / "set" / f"pair_000{n}" / "labels_after.tif") for n in (1, 2, 3)]
    assert not (changes[0] == changes[1]).all()


def test_a_stopped_run_leaves_nothing_and_goes_on(work):
    with pytest.raises(Cancelled):
        work.run("set", Told(stop_at=40.0), count=6, side=64)
    assert sorted(path.name for path in work.folder.iterdir()) == ["i.tif", "l.tif", "runs"]
    [kept] = (work.folder / "runs" / ".unfinished").iterdir()
    made = sorted(path.parent.name for path in kept.glob("pair_*/after.tif"))
    assert 0 < len(made) < 6
    times = [(kept / name / "after.tif").stat().st_mtime_ns for name in made]
    work.run("set", count=6, side=64)
    assert [(work.folder / "set" / name / "after.tif").stat().st_mtime_ns for name in made] == times
    work.run("again", count=6, side=64)
    for number in range(1, 7):
        one, other = (work.folder / out / f"pair_000{number}" / "after.tif" for out in ("set", "again"))
        assert one.read_bytes() == other.read_bytes()
    assert not list((work.folder / "runs" / ".unfinished").iterdir())


def test_progress_grows_to_its_end(work):
    work.run("set", count=4, side=64)
    percents = [percent for percent, _ in work.step.told]
    assert percents == sorted(percents)
    assert percents[-1] == 99
    assert {message for _, message in work.step.told} >= {"Pair 1 of 4", "Places with something to change: 3 of 4"}


def test_without_an_output_the_job_has_a_folder(work):
    files = work.run()
    assert files[0] == work.folder / "runs" / "job1" / "change" / "before.tif"


def test_numbered_objects(work):
    numbers = np.zeros((160, 200), np.int32)
    for index, (row, col) in enumerate(scenes.HOUSES):
        numbers[row : row + 20, col : col + 30] = 1000 * (index + 1)
    work.labels(numbers)
    work.run("pair", event="instances", share=0.5, classes=None)
    folder = work.folder / "pair"
    was, then = scenes.read(folder / "labels_before.tif"), scenes.read(folder / "labels_after.tif")
    assert (was == numbers).all()
    gone = {one["before"] for [*changes] in record(folder)["changes"] for one in changes}
    assert (then == np.where(np.isin(numbers, list(gone)), 0, numbers)).all()
    assert 0 < len(gone) < 9


def test_holes_never_change(work):
    image = scenes.picture(scenes.labels())
    image[15:25, 15:35] = 0
    work.picture(image, nodata=0)
    work.run("pair", most=100, least=100)
    change = scenes.read(work.folder / "pair" / "change.tif")
    assert (change[15:25, 15:35] == 255).all()
    assert change[12, 12] == 1
    for name in ("labels_before.tif", "labels_after.tif"):
        assert ((scenes.read(work.folder / "pair" / name) == 255) == (change == 255)).all()
    for name in ("before.tif", "after.tif"):
        with rasterio.open(work.folder / "pair" / name) as dataset:
            assert dataset.count == 4
            assert ((dataset.read(4) == 0) == (change == 255)).all()
            assert not dataset.read([1, 2, 3])[:, change == 255].any()


def test_sixteen_bits_are_seen_as_they_are_shown(work):
    wide = scenes.picture(scenes.labels()).astype(np.uint16) * 40 + 300
    work.picture(wide)
    work.run("pair")
    stretch = record(work.folder / "pair")["source"]["stretch"]
    before = scenes.read(work.folder / "pair" / "before.tif")
    low, high = stretch[0]["low"], stretch[0]["high"]
    wanted = np.clip(np.rint((wide[..., 0].astype(float) - low) * 255 / (high - low)), 0, 255)
    assert before.dtype == np.uint8
    assert np.abs(before[0] - wanted).max() <= 1


def test_rotated_grids(work):
    turned = scenes.PLACE @ Affine.rotation(25)
    work.picture(scenes.picture(scenes.labels()), transform=turned)
    work.labels(scenes.labels(), transform=turned)
    work.run("set", count=2, side=64)
    col, row, *_ = record(work.folder / "set" / "pair_0001")["window"]
    with rasterio.open(work.folder / "set" / "pair_0001" / "after.tif") as dataset:
        assert np.allclose(dataset.transform, turned @ Affine.translation(col, row))


def test_without_a_georeference_the_size_of_a_pixel_is_asked_for(work):
    work.picture(scenes.picture(scenes.labels()), crs=None)
    work.labels(scenes.labels(), crs=None)
    said = work.refused("pair").detail
    assert said == "'i.tif' does not say how large a pixel is on the ground; give it in metres: metres."
    work.run("pair", metres=0.4)
    assert record(work.folder / "pair")["metres"] == 0.4


def test_an_area_bounds_what_changes(work):
    left, top = scenes.PLACE @ (50, 0)
    right, bottom = scenes.PLACE @ (200, 100)
    work.run("pair", area=f"{left},{bottom},{right},{top}", most=100, least=100)
    assert scenes.read(work.folder / "pair" / "change.tif").shape == (100, 150)
    triangle = f"POLYGON(({left} {top}, {right} {top}, {left} {bottom}, {left} {top}))"
    work.run("part", area=triangle, most=100, least=100)
    change = scenes.read(work.folder / "part" / "change.tif")
    assert change[0:40, 10:40].any()
    assert not change[60:, 90:].any()


def test_what_becomes_may_be_a_class_that_the_labels_lack(work):
    work.run("pair", becomes="water", most=100, least=100)
    then = scenes.read(work.folder / "pair" / "labels_after.tif")
    assert set(np.unique(then)) == {2, 3, 4}
    assert work.refused("x", becomes="lava").detail.startswith("becomes is 'lava'; say what it is like")


def test_where_nothing_can_change(work):
    work.labels(np.full((160, 200), 3, np.uint8))
    error = work.refused("pair")
    assert error.code == codes.NOTHING_CHANGES
    said = "Nothing changes: there is no object of 'house' with more than 64 pixels; choose another area, class or "
    assert error.detail == said + "event, or a larger side."
    assert "No square of 180 pixels fits into 200 x 160" in work.refused("pair", side=180).detail


def test_a_folder_that_is_not_empty_is_left_alone(work):
    (work.folder / "full").mkdir()
    (work.folder / "full" / "mine.txt").write_text("mine")
    error = work.refused("full")
    assert (error.code, error.detail) == (
        codes.OUTPUT_UNWRITABLE,
        "'full' is not empty; choose a new folder, or empty it.",
    )
    (work.folder / "empty").mkdir()
    assert work.run("empty")
    assert "does not exist" in work.refused("none/pair").detail


def test_no_room_is_said_before_anything_is_painted(work, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=70_000_000))
    with pytest.raises(Unavailable) as error:
        work.run("set", count=200, side=64)
    assert error.value.code == codes.DISK_FULL
    assert "70.0 MB are free" in error.value.detail
    assert not any(message.startswith("Pair") for _, message in work.step.told)


def test_requests_that_are_refused_before_they_are_jobs(work):
    wanted = work.request()
    for others, said in (({}, "There are no labels"), ({"labels": wanted.source, "x": wanted.source}, "no file 'x'")):
        with pytest.raises(BadInput, match=said):
            work.engine.check(JobRequest("change", "plain", wanted.source, parameters=wanted.parameters, others=others))
    with pytest.raises(BadInput, match="cannot change"):
        work.engine.check(
            JobRequest("change", "other", wanted.source, parameters=wanted.parameters, others=wanted.others)
        )
