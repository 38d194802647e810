"""How coarsely to look first: GeoMag's task-driven resolution adjustment (arXiv 2507.05887).

image    the whole view, small
region   the whole at 1/4, what is relevant there at native resolution
pixel    the whole at 1/16, what is relevant there at 1/4, what is relevant there at native resolution
"""

from __future__ import annotations

from backend.protocol.ground import IMAGE, PIXEL, REGION

AFAR = 1024
"""Pixels a side at most when the whole is looked at from afar."""
STEPS = {REGION: (4, 1), PIXEL: (16, 4, 1)}
FULL, RELEVANT = COVERAGES = "full", "relevant"


def looks(granularity: str, coverage: str, longest: int) -> tuple[int, ...]:
    """Return the looks at a view, coarse before fine: of each, how many source pixels a side make one that is fed.

    Args:
        granularity: image, region or pixel.
        coverage: `full` reads all of the view at the finest look, `relevant` what the look before finds relevant.
        longest: the view's longer side in pixels of the source.
    """
    if granularity == IMAGE:
        return (afar(longest),)
    return STEPS[granularity] if coverage == RELEVANT else (1,)


def afar(longest: int) -> int:
    """Return the least power of two that makes `AFAR` pixels or fewer of `longest`."""
    step = 1
    while longest > AFAR * step:
        step *= 2
    return step
