import pytest

from backend.tasks.ground_policy.resolution import AFAR, FULL, RELEVANT, afar, looks


@pytest.mark.parametrize(
    ("granularity", "coverage", "steps"),
    [
        ("region", RELEVANT, (4, 1)),
        ("pixel", RELEVANT, (16, 4, 1)),
        ("region", FULL, (1,)),
        ("pixel", FULL, (1,)),
        ("image", FULL, (4,)),
        ("image", RELEVANT, (4,)),
    ],
)
def test_what_is_asked_decides_how_coarsely_to_look_first(granularity, coverage, steps):
    assert looks(granularity, coverage, 4 * AFAR) == steps


def test_from_afar_a_view_has_so_many_pixels_at_most():
    assert [afar(longest) for longest in (10, AFAR, AFAR + 1, 20_000)] == [1, 1, 2, 32]
