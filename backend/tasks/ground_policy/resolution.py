"""Which pixels to read for a question, how fine: GeoMag's task-driven resolution adjustment (arXiv 2507.05887).

image    the whole view, small
region   crops at native resolution, the whole at 1/4
pixel    finer crops at native resolution, their surroundings at 1/4, the whole at 1/16

A plan grows: the whole is looked at first, its relevance map says where the crops are, those say where the finer ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from affine import Affine

from backend.geo.raster import Grid, Window

GLANCE = 448
WHOLE, SURROUNDINGS, CROP = "whole", "surroundings", "crop"
STEPS = {"region": 4, "pixel": 16}
AROUND = 4


@dataclass(frozen=True)
class Look:
    """A window of the source, what it is for, and how many source pixels a side make one pixel that is fed."""

    window: Window
    step: int
    role: str

    @property
    def size(self) -> tuple[int, int]:
        """Return rows and columns of the pixels that are fed."""
        return -(-self.window.height // self.step), -(-self.window.width // self.step)

    @property
    def pixels(self) -> int:
        """Return how many pixels are fed."""
        return self.size[0] * self.size[1]

    def grid(self, source: Grid) -> Grid:
        """Return the georeference of the pixels that are fed, given that of the source."""
        place = source.transform @ Affine.translation(self.window.col, self.window.row) @ Affine.scale(self.step)
        return Grid(self.size[1], self.size[0], place, source.crs)


@dataclass(frozen=True)
class Plan:
    """The looks for a question, coarse before fine."""

    granularity: str
    area: Window
    looks: tuple[Look, ...]

    @property
    def pixels(self) -> int:
        """Return how many pixels are fed in all."""
        return sum(look.pixels for look in self.looks)


def plan(
    granularity: str,
    area: Window,
    crops: Sequence[Window] = (),
    finer: Sequence[Window] = (),
    glance: int = GLANCE,
) -> Plan:
    """Return the looks at `area` as far as they are known: first the whole alone, then with `crops`, then `finer`.

    Args:
        granularity: image, region or pixel.
        area: what the question is about, in pixels of the source.
        crops: where relevance is high: read as they are for region, as surroundings for pixel.
        finer: for pixel, the parts of `crops` that are read as they are.
        glance: the longest side, in pixels, that the whole is given for image.
    """
    if granularity == "image":
        step = -(-max(area.width, area.height) // glance)
        return Plan(granularity, area, (Look(area, step, WHOLE),))
    whole = Look(area, STEPS[granularity], WHOLE)
    if granularity == "region":
        return Plan(granularity, area, (whole, *(Look(window, 1, CROP) for window in crops)))
    around = tuple(Look(window, AROUND, SURROUNDINGS) for window in crops)
    return Plan(granularity, area, (whole, *around, *(Look(window, 1, CROP) for window in finer)))
