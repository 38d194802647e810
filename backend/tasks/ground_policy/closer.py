"""From a first look to the whole plan: each look's relevance map says where to look closer (GeoMag's cropping)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

from .resolution import GLANCE, Look, Plan, plan
from .windows import to_window, top_boxes

Relevance = Callable[[Look], NDArray[np.float32]]


@dataclass(frozen=True)
class Closeness:
    """How closer looks are chosen.

    Attributes:
        crop: side in source pixels of region's crops; pixel's first crops are twice, its finer ones half as large.
        cell: fed pixels a side of one cell of a relevance map.
        least: relevance below this asks for no closer look.
        most: crops in all, and finer crops in each crop.
    """

    crop: int = 512
    cell: int = 4
    least: float = 0.3
    most: int = 256


def planned(
    granularity: str,
    area: Window,
    relevance: Relevance,
    how: Closeness = Closeness(),  # frozen
    glance: int = GLANCE,
) -> Plan:
    """Return all looks for a question; `relevance` gives the map, 0 to 1 or NaN, of a look that closer ones follow.

    The plan is the same whenever the maps are.
    """
    if granularity == "image":
        return plan(granularity, area, glance=glance)
    whole = plan(granularity, area).looks[0]
    if granularity == "region":
        return plan(granularity, area, closer(whole, relevance(whole), how.crop, how))
    crops = closer(whole, relevance(whole), 2 * how.crop, how)
    around = plan(granularity, area, crops).looks[1:]
    finer = [window for look in around for window in closer(look, relevance(look), how.crop // 2, how)]
    return plan(granularity, area, crops, list(dict.fromkeys(finer)))


def closer(look: Look, relevance: NDArray[np.float32], side: int, how: Closeness) -> list[Window]:
    """Return the windows of `side` source pixels within `look` that hold what is relevant there, the most so first."""
    cell = how.cell * look.step
    size = max(1, side // cell)
    boxes = top_boxes(relevance, size, max(1, size // 4), how.most, how.least)
    return [to_window(box, cell, look.window) for box in boxes]
