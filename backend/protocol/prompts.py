"""What a person pointed at. Coordinates are in the source's CRS (or column, row where `pixel` is set)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple


@dataclass(frozen=True)
class Point:
    """A click: `label` 1 belongs to the object, 0 does not."""

    x: float
    y: float
    label: int = 1


@dataclass(frozen=True)
class Box:
    """An axis-aligned rectangle around the object, any two opposite corners."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Prompts:
    """The prompts of one object. `id` names the object in results."""

    id: str = "1"
    points: Tuple[Point, ...] = ()
    box: Optional[Box] = None
    pixel: bool = False
