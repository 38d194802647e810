"""What a person is told before a region is made."""

import pytest
from toposcope.plugin.generate.estimate import estimate, levels, window_steps
from toposcope.plugin.gui.generate_text import duration, question_of, region_text


def of(side, scale=4, steps=12, metres=1.0, rate=0.1):
    return estimate(side, side, scale, steps, metres, rate)


def test_levels():
    assert [levels(scale) for scale in (4, 16, 64)] == [(4,), (4, 16), (4, 16, 64)]


def test_every_level_counts():
    assert window_steps(128, 128, 4, 10) == 25 * 10
    assert window_steps(128, 128, 16, 10) == (25 + 289) * 10


def test_size_and_resolution_follow_the_scale():
    found = of(100, scale=16)
    assert (found.width, found.height) == (1600, 1600)
    assert (found.metres, found.metres_before) == (1 / 16, 1)
    assert of(200).seconds > of(100).seconds
    assert of(100, rate=0.2).seconds == 2 * of(100, rate=0.1).seconds


def test_tiles_need_room_too():
    tiled = estimate(100, 100, 16, 12, 1.0, 0.1, tiled=True)
    assert tiled.work_bytes - of(100, scale=16).work_bytes == 2 * 1600 * 1600
    assert tiled.file_bytes == of(100, scale=16).file_bytes


def test_the_text_says_all_of_it():
    text = region_text(of(1000, metres=0.3))
    assert "7.5 cm" in text
    assert "30 cm" in text
    assert "4,000 × 4,000" in text
    assert "48 MB" in text
    assert "min" in text
    assert "instead of" not in region_text(of(1000, metres=0.0))


def test_a_small_region_needs_no_question():
    assert question_of(of(200), 1e12) == ""


@pytest.mark.parametrize(
    ("region", "free", "said"),
    [
        (of(5000, scale=16), 1e12, "becomes large"),
        (of(400, rate=1000.0), 1e12, "becomes large"),
        (of(5000, scale=16), 1e10, "fill the disk"),
        (of(100, scale=64), 1e8, "fill the disk"),
    ],
)
def test_a_large_one_is_asked_about(region, free, said):
    assert said in question_of(region, free)


def test_where_the_room_is_unknown_nothing_is_said_of_it():
    assert "disk" not in question_of(of(5000, scale=16), 0)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (70, "70 s"), (600, "10 min"), (8 * 3600, "8 hours"), (10 * 86400, "10 days")]
)
def test_durations(seconds, said):
    assert duration(seconds) == said
