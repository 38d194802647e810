"""The answer's caption, from ranked phrases."""

import pytest

from backend.protocol.ground import RankedPhrase
from backend.tasks.ground.answer import caption


def row(phrase, share=0.0, count=0, best=0.9):
    return RankedPhrase(phrase, 1, "#EE6677", share=share, area_m2=1.0, confidence=0.8, best=best, count=count)


@pytest.mark.parametrize(
    ("granularity", "rows", "said"),
    [
        (
            "region",
            [row("water", 0.12), row("building", 0.04, 3), row("ship")],
            "Found water (12.0%), 3 x building (4.0%). Not found: ship.",
        ),
        ("pixel", [row("solar PV panel", 0.3)], "Solar PV panel (30%)."),
        (
            "pixel",
            [row("solar PV panel", 0.6), row("LNG tank", 0.001)],
            "Mostly solar PV panel (60%), LNG tank (under 1%).",
        ),
        (
            "region",
            [row(name, 0.1, 1) for name in "abcdef"],
            "Found 1 x a (10.0%), 1 x b (10.0%), 1 x c (10.0%), 1 x d (10.0%) and 2 more phrases.",
        ),
        (
            "region",
            [row("ship", best=0.31), row("car", best=0.1)],
            "Nothing scores 0.5 or more; the nearest is ship with 0.31. Lower the threshold to see it.",
        ),
    ],
)
def test_a_caption_counts_what_was_counted(granularity, rows, said):
    assert caption(granularity, rows, 0.5) == said
