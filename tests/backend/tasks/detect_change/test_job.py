"""The job: what changed is found, whatever the area and how it is cut; stopped and gone on; holes; nothing left."""

import csv
import json
from types import SimpleNamespace

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from scipy import ndimage

from backend.errors import BadInput, Cancelled, Unavailable
from backend.geo import room
from backend.protocol import codes
from backend.tasks.detect_change import maps
from backend.tasks.detect_change.detected import Detected

NODATA = 255
HOUSE = slice(36, 60), slice(40, 76)
"""Rows and columns of what is new; borders of units of 48 pixels cross it."""


@pytest.fixture
def dates(desk, ground):
    before = ground(120, 140)
    after = before.copy()
    after[HOUSE] = (250, 240, 10)
    return desk.write("a.tif", before), desk.write("b.tif", after)


def read(path):
    with rasterio.open(path) as found:
        return found.read(1)


def test_what_is_new_is_found_and_told(desk, dates):
    files = desk.run(*dates)
    assert [file.name for file in files] == ["c.gpkg", "c.tif", "c.csv", "c.run.json"]
    with rasterio.open(files[1]) as found:
        assert found.dtypes == ("uint8",)
        assert found.scales == (1 / 250,)
        assert found.offsets == (0,)
        assert found.nodata == NODATA
        assert found.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert found.transform.almost_equals(desk.reader(dates[0]).grid.transform)
        values = found.read(1)
    new = np.zeros(values.shape, bool)
    new[HOUSE] = True
    inner = ndimage.binary_erosion(new, iterations=4)
    outer = ndimage.binary_dilation(new, iterations=4)
    assert values[inner].min() > 125
    assert values[~outer].max() < 125
    [row] = csv.DictReader(files[2].read_text().splitlines())
    assert abs(int(row["pixels"]) - new.sum()) < 0.25 * new.sum()
    assert float(row["area_m2"]) == pytest.approx(int(row["pixels"]) / 4, rel=0.01)
    told = json.loads(files[-1].read_text())
    assert told["changed"]["known_pixels"] == values.size
    assert told["changed"]["polygons"] == 1
    assert told["calibration"]["fitted_to_truth"] is False
    assert told["after"]["name"] == "b.tif"
    assert [one["name"] for one in told["outputs"]] == ["c.gpkg", "c.tif", "c.csv"]


def test_a_polygon_crosses_the_borders_of_units(desk, dates):
    desk.run(*dates, name="cut.tif")
    desk.run(*dates, name="whole.tif", side=1024)
    np.testing.assert_array_equal(read(desk.folder / "cut.tif"), read(desk.folder / "whole.tif"))
    cut, whole = (pyogrio.raw.read(desk.folder / name) for name in ("cut.gpkg", "whole.gpkg"))
    assert len(cut[2]) == len(whole[2]) == 1
    assert cut[2][0] == whole[2][0]
    names = list(cut[0]["fields"])
    assert names == ["id", "from", "to", "probability", "area_m2", "before", "after", "model", "created"]
    for one, other in zip(cut[3], whole[3], strict=True):
        assert one[0] == other[0]
    assert 0.5 < cut[3][3][0] <= 1
    assert cut[3][4][0] == pytest.approx(shapely.from_wkb(cut[2][0]).area, rel=0.01)


def test_a_run_that_was_stopped_gives_the_same_bytes(desk, dates, tmp_path):
    straight = [file.read_bytes() for file in desk.run(*dates)[:3]]
    for file in tmp_path.glob("c.*"):
        file.unlink()
    steps = []

    def stop(percent, message):
        steps.append(message)
        if message == "Part 5 of 9":
            raise Cancelled

    with pytest.raises(Cancelled):
        desk.run(*dates, progress=stop)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.tif", "b.tif", "runs"]
    [kept] = (tmp_path / "runs" / ".unfinished").iterdir()
    assert len(list(kept.glob("0*.tif"))) == 4
    made = []
    again = desk.run(*dates, progress=lambda _, message: made.append(message))
    assert [file.read_bytes() for file in again[:3]] == straight
    assert not (tmp_path / "runs" / ".unfinished" / kept.name).exists()


def test_no_room_is_said_before_the_first_unit(desk, dates, monkeypatch):
    """120 x 140 pixels: a byte for the units, two for the raster, of which one unit of a stopped run is there."""
    free = room.SPARE + 50_400
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    def stop(percent, message):
        if message == "Part 2 of 9":
            raise Cancelled

    with pytest.raises(Cancelled):
        desk.run(*dates, progress=stop)
    free = room.SPARE + 50_300
    desk.run(*dates)
    monkeypatch.setattr(maps.Makers, "make", lambda *_: pytest.fail("begun"))
    with pytest.raises(Unavailable) as error:
        desk.run(*dates, name="again.tif")
    assert error.value.code == codes.DISK_FULL
    assert "50.4 kB" in error.value.detail


def test_what_was_made_is_not_made_again_for_another_threshold(desk, dates, monkeypatch):
    def full(*_):
        raise Unavailable("disk_full", "full", status=507)

    with monkeypatch.context() as patch:
        patch.setattr("backend.tasks.detect_change.job.write_results", full)
        with pytest.raises(Unavailable):
            desk.run(*dates)
    monkeypatch.setattr(maps.Makers, "make", lambda *_: pytest.fail("made again"))
    assert read(desk.run(*dates, threshold=0.8)[1]).max() > 125


def test_any_area_shows_the_same_places(desk, dates):
    """By a detector, whose probabilities do not depend on what else the area holds."""
    method = Detected(Detecting())
    whole = read(desk.run(*dates, method=method, name="whole.tif")[1])
    left, top = 300000, 3000000
    area = f"{left + 15},{top - 50},{left + 40.5},{top - 13}"
    part = read(desk.run(*dates, method=method, name="part.tif", area=area)[1])
    np.testing.assert_array_equal(part, whole[26:100, 30:81])
    triangle = f"POLYGON(({left + 10} {top - 10},{left + 60} {top - 10},{left + 10} {top - 50},{left + 10} {top - 10}))"
    cut = read(desk.run(*dates, method=method, name="cut.tif", area=triangle)[1])
    seen = cut != NODATA
    assert 0.4 < seen.mean() < 0.6
    np.testing.assert_array_equal(cut[seen], whole[20:100, 20:120][seen])


class Detecting:
    """Names two classes; what is bright is the second."""

    input_size, kinds, classes = 64, ("none", "other"), ("field", "house")

    def detect(self, before, after, valid):
        from backend.models.change_detector import ChangeMaps

        one, other = (picture[..., :2].mean(2, dtype=np.float32)[None] / 255 for picture in (before, after))
        change = np.abs(one - other)
        kinds, was, now = (np.concatenate([1 - each, each]) for each in (change, one, other))
        return ChangeMaps(kinds, was, now)


def test_classes_before_and_after(desk, dates):
    files = desk.run(*dates, method=Detected(Detecting()), threshold=0.4)
    rows = {(row["from"], row["to"]): float(row["share"]) for row in csv.DictReader(files[2].read_text().splitlines())}
    assert max(rows, key=rows.get) == ("field", "house")
    fields = pyogrio.raw.read(files[0])[3]
    assert (fields[1][0], fields[2][0]) == ("field", "house")


def test_one_class_is_told_where_it_is(desk, dates, detector):
    files = desk.run(*dates, method=Detected(detector()), threshold=0.2)
    fields = pyogrio.raw.read(files[0])[3]
    assert (fields[1][0], fields[2][0]) == ("", "roof")


def test_holes_of_either_date_are_no_data(desk, ground):
    before, after = ground(100, 100), ground(100, 100)
    before[:20, :30] = 0
    after[70:, 60:] = 0
    files = desk.run(desk.write("a.tif", before, nodata=0), desk.write("b.tif", after, nodata=0))
    values = read(files[1])
    hole = np.zeros(values.shape, bool)
    hole[:20, :30] = hole[70:, 60:] = True
    np.testing.assert_array_equal(values == NODATA, hole)
    assert json.loads(files[-1].read_text())["changed"]["known_pixels"] == (~hole).sum()


def test_small_changes_are_left_out_of_the_polygons(desk, dates):
    assert len(pyogrio.raw.read(desk.run(*dates, minimum=150)[0])[2]) == 1
    assert len(pyogrio.raw.read(desk.run(*dates, minimum=400)[0])[2]) == 0


def test_pictures_that_are_the_same_hold_no_change(desk, dates):
    files = desk.run(dates[0], dates[0])
    assert read(files[1]).max() < 125
    assert files[2].read_text() == "from,to,pixels,area_m2,share\n"


def test_what_both_show_alone(desk, ground):
    """Half of the later picture lies beside the earlier one."""
    picture = ground(100, 100)
    place = Affine(0.5, 0, 300025, 0, -0.5, 3000000)
    files = desk.run(desk.write("a.tif", picture), desk.write("b.tif", picture, transform=place))
    with rasterio.open(files[1]) as found:
        assert (found.width, found.height) == (50, 100)
        assert found.transform.c == 300025


def test_units_are_shown_as_they_come(desk, dates):
    desk.run(*dates)
    assert [(one.done, one.total) for one in desk.shown] == [(number, 9) for number in range(1, 10)]


def refused(desk, before, after, **parameters):
    with pytest.raises(BadInput) as caught:
        desk.run(before, after, **parameters)
    return caught.value.detail


def test_what_does_not_belong_together_is_refused(desk, ground):
    picture = ground(60, 60)
    one = desk.write("a.tif", picture)
    far = desk.write("far.tif", picture, transform=Affine(0.5, 0, 400000, 0, -0.5, 3000000))
    nowhere = desk.write("plain.tif", picture, transform=Affine.identity(), crs=None)
    larger = desk.write("larger.tif", ground(60, 70), transform=Affine.identity(), crs=None)
    unnamed = desk.write("unnamed.tif", picture, crs=None)
    assert "lie apart" in refused(desk, one, far)
    assert refused(desk, one, nowhere).startswith("'plain.tif' has no georeference")
    assert refused(desk, nowhere, one).startswith("'plain.tif' has no georeference")
    assert "60 x 60 and 70 x 60 pixels" in refused(desk, nowhere, larger)
    assert refused(desk, one, unnamed).startswith("'unnamed.tif' does not say its CRS")
    empty = desk.write("empty.tif", np.zeros_like(picture), nodata=0)
    assert "both have data" in refused(desk, one, empty)
    half = desk.write("half.tif", picture, transform=Affine(0.5, 0, 300015, 0, -0.5, 3000000))
    assert "outside 'half.tif'" in refused(desk, one, half, area="300000,2999990,300010,3000000")


def test_two_pictures_without_a_georeference(desk, dates, ground):
    before = ground(60, 60)
    after = before.copy()
    after[20:40, 20:40] = (250, 240, 10)
    plain = {"transform": Affine.identity(), "crs": None}
    files = desk.run(desk.write("p.tif", before, **plain), desk.write("q.tif", after, **plain))
    assert read(files[1])[24:36, 24:36].min() > 125
    row = next(csv.DictReader(files[2].read_text().splitlines()))
    assert float(row["area_m2"]) == 0
    assert int(row["pixels"]) > 300
