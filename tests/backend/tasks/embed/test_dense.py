"""Dense vectors of a raster in pieces: same bytes whatever the area, the pieces and the stops."""

import errno
import hashlib
import json
import os
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio

from backend.errors import BadInput, Cancelled, Unavailable
from backend.geo.unit_bytes import from_bytes
from backend.protocol import codes
from backend.tasks.embed import files
from tests.backend.tasks.embed.conftest import Colours

STRIP = "500020,3999900,500120,3999960"


def vectors(path):
    with rasterio.open(path) as found:
        return found.read()


def digest(*paths):
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def test_one_unit_or_many_give_the_same_bytes_and_feed_each_tile_once(picture, embed, units):
    path, whole, parts = picture(), Colours(), Colours()
    one = embed(path, whole, "one.tif")
    units(48)
    many = embed(path, parts, "many.tif")
    assert len(many.partials) > len(one.partials) == 1
    assert np.array_equal(vectors(one.out), vectors(many.out))
    assert sorted(whole.seen) == sorted(parts.seen)
    assert json.loads((many.out.with_suffix(".run.json")).read_text())["tiles"] >= parts.calls


@pytest.mark.parametrize("area", [STRIP, "POLYGON((500030 3999990, 500110 3999960, 500060 3999900, 500030 3999990))"])
@pytest.mark.parametrize("block", [0, 12])
def test_any_area_gives_the_same_bytes(picture, embed, units, area, block):
    units(48)
    path = picture()
    whole, part = embed(path, Colours(), "w.tif", block=block), embed(path, Colours(), "p.tif", block=block, area=area)
    with rasterio.open(whole.out) as all_of_it, rasterio.open(part.out) as some:
        column, row = (round(place) for place in ~all_of_it.transform @ (some.transform.c, some.transform.f))
        here, there = all_of_it.read()[:, row : row + some.height, column : column + some.width], some.read()
    known = there[0] != -128
    assert known.sum() > 100 / max(block / 4, 1) ** 2
    assert np.array_equal(there[:, known], here[:, known])


def test_the_item_says_when_the_picture_was_taken(picture, embed):
    path = picture()
    with rasterio.open(path, "r+") as raster:
        raster.update_tags(ns="IMAGERY", ACQUISITIONDATETIME="2024-05-01 10:30:00")
    item = embed(path, Colours()).out.with_suffix(".item.json")
    assert json.loads(item.read_text())["properties"]["datetime"] == "2024-05-01T10:30:00Z"


def test_tiles_wait_for_the_next_row_of_units_in_files(picture, embed, units, tmp_path):
    units(64)
    files = []

    def progress(percent, message):
        files.append(len(list((tmp_path / "runs" / ".unfinished").glob("*/tiles/*.known.npy"))))

    embed(picture(), Colours(), progress=progress)
    assert max(files) > 3
    assert files[-1] == 0


def test_a_strip_reads_only_its_own_tiles(picture, embed):
    whole, part = Colours(), Colours()
    embed(picture(), whole)
    embed(picture(), part, area=STRIP)
    assert part.calls < whole.calls
    assert set(part.seen) < set(whole.seen)


@pytest.mark.parametrize("stops", [(3,), (9, 1), (14, 3, 2)])
def test_a_stopped_run_goes_on_to_the_same_bytes(picture, embed, units, tmp_path, stops):
    units(80)
    path, through = picture(), Colours()
    once = embed(path, through, "once.tif")
    again = Colours()
    for stop in stops:
        last = again.calls + stop

        def progress(percent, message, last=last):
            if again.calls >= last:
                raise Cancelled

        with pytest.raises(Cancelled):
            embed(path, again, "stopped.tif", progress)
        assert not (tmp_path / "stopped.tif").exists()
    stopped = embed(path, again, "stopped.tif")
    assert digest(once.out, once.out.with_suffix(".preview.tif")) == digest(
        stopped.out, stopped.out.with_suffix(".preview.tif")
    )
    assert again.calls < through.calls + 20 * len(stops)
    assert list((tmp_path / "runs" / ".unfinished").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed here")
def test_a_killed_run_goes_on_to_the_same_bytes(picture, embed, units, tmp_path):
    units(80)
    path, again = picture(), Colours()
    once = embed(path, Colours(), "once.tif")
    child = os.fork()
    if child == 0:
        embed(path, Colours(), "killed.tif", lambda percent, _: os._exit(9) if percent > 50 else None)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert not (tmp_path / "killed.tif").exists()
    killed = embed(path, again, "killed.tif")
    assert digest(once.out) == digest(killed.out)
    assert again.calls < json.loads(once.out.with_suffix(".run.json").read_text())["tiles"]


def test_finished_units_are_used_again(picture, embed, units):
    units(80)
    path, first, second = picture(), Colours(), Colours()

    def progress(percent, message):
        if message == "Writing":
            raise Cancelled

    with pytest.raises(Cancelled):
        embed(path, first, progress=progress)
    embed(path, second)
    assert second.calls == 0


def test_a_stopped_run_of_another_outline_is_none_of_ones_own(picture, embed, tmp_path):
    """Outlines of many corners with the same box, alike at first, are not taken for each other."""
    near = [(500030 + step, 3999990) for step in range(0, 90, 5)]
    path = picture()

    def progress(percent, message):
        raise Cancelled

    for end in ((500130, 3999900), (500130, 3999980)):
        corners = ", ".join(f"{x} {y}" for x, y in [*near, end, (500030, 3999900), near[0]])
        with pytest.raises(Cancelled):
            embed(path, Colours(), progress=progress, area=f"POLYGON(({corners}))")
    assert len(list((tmp_path / "runs" / ".unfinished").iterdir())) == 2


def test_a_constant_picture_has_constant_vectors(picture, embed, units):
    units(64)
    ran = embed(picture(holes=False, constant=True), Colours(slope=0), dtype="float32")
    found = vectors(ran.out)
    assert np.ptp(found, axis=(1, 2)).max() < 1e-6
    assert np.allclose(np.linalg.norm(found, axis=0), 1, atol=1e-6)


def test_tiles_leave_no_seams(picture, embed):
    """Where one tile ends the model's own slope would jump by 0.2; four cells share that."""
    found = vectors(embed(picture(holes=False, constant=True), Colours(slope=0.3), dtype="float32").out)
    steps = np.abs(np.diff(found[3], axis=1))
    assert 0 < steps.max() < 0.12


def test_a_block_is_the_mean_of_the_models_vectors_at_unit_length(picture, embed):
    path = picture()
    fine = vectors(embed(path, Colours(), "f.tif", dtype="float32").out)
    coarse = vectors(embed(path, Colours(), "c.tif", dtype="float32", block=8).out)
    assert coarse.shape == (4, 28, 38)
    fours = fine[:, :54, :74].reshape(4, 27, 2, 37, 2)
    unknown, partly = np.isnan(fours[0]).all((1, 3)), np.isnan(fours[0]).any((1, 3))
    assert (partly & ~unknown).any()
    assert unknown.any()
    mean = np.nansum(fours, axis=(2, 4))
    mean /= np.maximum(np.linalg.norm(mean, axis=0), 1e-6)
    assert np.array_equal(np.isnan(coarse[0, :27, :37]), unknown)
    assert np.abs(coarse[:, :27, :37] - mean)[:, ~unknown].max() < 0.05


def test_the_files_lie_where_the_pixels_do_and_say_what_they_are(picture, embed):
    ran = embed(picture(), Colours(), block=8)
    assert [file.suffix for file in ran.files] == [".tif", ".tif", ".json", ".json"]
    with rasterio.open(ran.out) as found:
        assert (found.count, found.width, found.height, found.dtypes[0], found.nodata) == (4, 38, 28, "int8", -128)
        assert (found.transform.a, found.transform.c, found.transform.f) == (4.0, 500000, 4000000)
        assert found.tags()["TOPOSCOPE_MODEL"] == "colours"
        values = from_bytes(found.read())
    assert np.isnan(values[:, :8, :11]).all()
    assert np.nanmax(np.abs(np.linalg.norm(values, axis=0) - 1)) < 0.02
    record = json.loads(ran.out.with_suffix(".run.json").read_text())
    assert {"total", "read", "infer", "blend", "write", "show", "finish"} == set(record["timings"])
    assert [output["name"] for output in record["outputs"]] == ["e.tif", "e.preview.tif", "e.item.json"]
    percents = [percent for percent, _ in ran.messages]
    assert percents == sorted(percents)


def test_what_is_finished_can_be_seen(picture, embed, units):
    units(80)
    path = picture()

    def progress(percent, message):
        if percent > 60:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed(path, Colours(), progress=progress)
    ran = embed(path, Colours())
    assert ran.partials[0].done > 1, "what the run before finished counts"
    assert ran.partials[-1].done == ran.partials[-1].total


def test_a_full_disk_is_said_and_what_was_made_is_kept(picture, embed, units, tmp_path, monkeypatch):
    units(80)
    path, made = picture(), []

    def fsync(handle):
        made.append(handle)
        if len(made) > 4:
            raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(files, "os", SimpleNamespace(fsync=fsync, getpid=os.getpid))
        with pytest.raises(Unavailable, match="disk is full") as raised:
            embed(path, Colours())
    assert raised.value.code == codes.DISK_FULL
    assert not (tmp_path / "e.tif").exists()
    whole, rest = Colours(), Colours()
    embed(path, rest)
    embed(path, whole, "again.tif")
    assert rest.calls < whole.calls


@pytest.mark.parametrize(
    ("parameters", "code", "said"),
    [
        ({"block": 6}, codes.PARAMETER_INVALID, "multiple"),
        ({"block": 4.5}, codes.PARAMETER_INVALID, "whole number"),
        ({"area": "0,0,10,10"}, codes.PROMPT_OUTSIDE, "outside"),
        ({"area": "500000,3999999,500001,4000000"}, codes.NO_VALID_PIXELS, "no data"),
        ({"dtype": "int4"}, codes.PARAMETER_INVALID, "int8"),
        ({"colour": 1}, codes.PARAMETER_INVALID, "colour"),
    ],
)
def test_what_cannot_be_embedded(picture, embed, tmp_path, parameters, code, said):
    with pytest.raises(BadInput, match=said) as raised:
        embed(picture(), Colours(), **parameters)
    assert raised.value.code == code
    assert not (tmp_path / "e.tif").exists()
