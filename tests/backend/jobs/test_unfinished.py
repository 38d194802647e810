"""What a stopped job leaves stays for the next of its kind, and nothing else does."""

import contextlib
import os

import pytest

from backend.errors import BadInput, Cancelled
from backend.jobs.unfinished import FOLDER, KEPT, Unfinished
from backend.protocol import codes


def stop(kept, key, error=None):
    with contextlib.suppress(Cancelled, BadInput), kept.open(key) as folder:
        (folder / "unit").write_text(key)
        raise error or Cancelled


def test_what_was_stopped_is_found_again_and_goes_with_success(tmp_path):
    kept = Unfinished(tmp_path)
    stop(kept, "a")
    with kept.open("b") as folder:
        assert not (folder / "unit").exists()
    with kept.open("a") as folder:
        assert (folder / "unit").read_text() == "a"
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.parametrize("code", [codes.NO_VALID_PIXELS, codes.PARAMETER_INVALID, codes.PROMPT_OUTSIDE])
def test_a_wrong_request_leaves_nothing(tmp_path, code):
    stop(Unfinished(tmp_path), "a", BadInput(code, "Nothing there."))
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.parametrize(
    "code", [codes.SOURCE_MISSING, codes.SOURCE_UNREADABLE, codes.SOURCE_CHANGED, codes.OUTPUT_UNWRITABLE]
)
def test_a_drive_that_went_away_costs_no_finished_unit(tmp_path, code):
    kept = Unfinished(tmp_path)
    stop(kept, "a", BadInput(code, "Not now."))
    with kept.open("a") as folder:
        assert (folder / "unit").read_text() == "a"


def test_one_that_is_worked_in_belongs_to_one(tmp_path):
    kept = Unfinished(tmp_path)
    with kept.open("a") as first, kept.open("a") as second:
        assert first != second


def test_only_the_newest_are_kept(tmp_path):
    kept = Unfinished(tmp_path)
    for number in range(KEPT + 2):
        stop(kept, f"k{number}")
        os.utime(tmp_path / FOLDER / f"k{number}", (number, number))
    stop(kept, "last")
    names = {folder.name for folder in (tmp_path / FOLDER).iterdir()}
    assert names == {"last", *(f"k{number}" for number in range(3, KEPT + 2))}
