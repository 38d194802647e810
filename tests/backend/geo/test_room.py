"""Whether a disk has room is known before anything is written."""

from types import SimpleNamespace

import pytest

from backend.errors import Unavailable
from backend.geo import room
from backend.protocol import codes


@pytest.fixture
def free(monkeypatch):
    def set_free(count):
        monkeypatch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=count))

    return set_free


def test_both_numbers_and_what_to_do_are_said(tmp_path, free):
    free(room.SPARE + 2_000_000)
    room.check_room("The map", "choose a smaller area", (tmp_path, 2_000_000))
    with pytest.raises(Unavailable) as error:
        room.check_room("The map", "choose a smaller area", (tmp_path, 2_000_001))
    assert error.value.code == codes.DISK_FULL
    assert error.value.detail.startswith("The map may need 2.0 MB and 69.1 MB are free on the disk of ")
    assert error.value.detail.endswith("; free some space, or choose a smaller area.")


def test_folders_on_one_disk_share_its_room(tmp_path, free):
    inner = tmp_path / "inner"
    inner.mkdir()
    free(room.SPARE + 3_000_000)
    room.check_room("The map", "wait", (tmp_path, 2_000_000))
    with pytest.raises(Unavailable, match=r"4\.0 MB"):
        room.check_room("The map", "wait", (tmp_path, 2_000_000), (inner, 2_000_000))


def test_what_needs_nothing_goes_on_on_a_full_disk(tmp_path, free):
    free(0)
    room.check_room("The map", "wait", (tmp_path, 0))
