"""Things found on a score map, drawn anew by a segmenter that is clicked in their middle, and judged by it.

A score map tells where a thing is better than where it ends. Two peaks of one thing give one outline twice: of
outlines that are much the same the best stays. docs/grounding.md has what it gains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import shapely
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.models.segmenter import Segmenter
from backend.protocol import codes
from backend.protocol.prompts import Point, Prompts
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.objects import ObjectSegmenter

from .instances import Instance
from .refine import outlined_shape

AGREEMENT = 0.15
"""A mask that agrees less with what the score map says (IoU) is of something else; the thing stays as it is then."""
SAME = 0.5
"""Outlines of this IoU or more are of one thing."""
MOST_CROPS = 4
"""What goes on over more crops of the segmenter is no single thing."""
Redraw = Callable[[Instance], Instance]


class Redrawer:
    """Clicks things of one source."""

    def __init__(self, reader: SourceReader, segmenter: Segmenter, name: str) -> None:
        self._segmenter = ObjectSegmenter(reader, segmenter, EmbeddingCache(), MOST_CROPS, name)

    def __call__(self, one: Instance) -> Instance:
        """Return the thing as the segmenter draws it; its score becomes the geometric mean with the IoU expected."""
        whole = shapely.MultiPolygon(one.polygons)
        try:
            found = self._segmenter.predict(Prompts(points=(_middle(one),), pixel=True))
        except BadInput as error:
            if error.code in (codes.NO_VALID_PIXELS, codes.PROMPT_INVALID):
                return one
            raise
        judged = replace(one, score=math.sqrt(one.score * found.score))
        drawn = outlined_shape(found)
        if found.truncated or drawn.intersection(whole).area < AGREEMENT * drawn.union(whole).area:
            return judged
        return replace(judged, polygons=tuple(drawn.geoms))


def redrawn(
    instances: Iterable[Instance],
    redraw: Redraw,
    things: Sequence[bool],
    threshold: float,
    border: BaseGeometry,
    on_thing: Callable[[], None],
) -> Iterator[Instance]:
    """Yield `instances`, which come phrase by phrase, with their things drawn anew; what falls below `threshold` goes.

    Args:
        things: for each phrase whether it names things; stuff stays as it is.
        border: of the area; what lies beyond is cut off.
        on_thing: called before each; may raise to stop. A click takes long enough that the things of one phrase fit
            into memory.
    """
    for phrase, group in groupby(instances, key=lambda one: one.phrase):
        if not things[phrase]:
            yield from group
            continue
        found = []
        for one in group:
            on_thing()
            found.append(_within(border, redraw(one)))
        yield from distinct([one for one in found if one.polygons and one.score >= threshold])


def distinct(found: Sequence[Instance]) -> list[Instance]:
    """Return the best of those that are much the same, in their order."""
    shapes = [shapely.MultiPolygon(one.polygons) for one in found]
    tree = shapely.STRtree(shapes)
    gone: set[int] = set()
    for best in sorted(range(len(found)), key=lambda i: (-found[i].score, shapes[i].bounds)):
        if best not in gone:
            gone |= {int(i) for i in tree.query(shapes[best]) if i != best and _same(shapes[best], shapes[int(i)])}
    return [one for i, one in enumerate(found) if i not in gone]


def _same(one: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(one.intersection(other).area >= SAME * one.union(other).area)


def _within(border: BaseGeometry, one: Instance) -> Instance:
    inside = shapely.MultiPolygon(one.polygons).intersection(border)
    return replace(one, polygons=tuple(part for part in shapely.get_parts(inside) if isinstance(part, shapely.Polygon)))


def _middle(one: Instance) -> Point:
    """Return the place deepest inside the thing's largest part."""
    largest = max(one.polygons, key=lambda polygon: polygon.area)
    x, y = shapely.maximum_inscribed_circle(largest, tolerance=0.5).coords[0]
    return Point(x, y)
