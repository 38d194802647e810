"""Objects that several tiles show, as one: what agrees where tiles overlap, and pieces that a tile's edge cut."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from .area import rectangle
from .candidates import Candidate
from .seams import CONTAINED, IOU, Groups

EDGE = 2.0
"""Source pixels: an object this near to its tile's edge may go on beyond it."""


def joined(candidates: Sequence[Candidate], width: int, height: int) -> list[tuple[Candidate, BaseGeometry]]:
    """Return each object's best view and its whole shape; the source has `width` x `height` pixels.

    Views of one phrase from different tiles are one object where, in what both tiles cover, they agree by IoU or one
    holds most of the other. Of such views a whole one stands, the best scored; where all are cut off, their union.
    """
    if not candidates:
        return []
    groups = Groups()
    tree = shapely.STRtree([candidate.shape for candidate in candidates])
    for one, other in tree.query([candidate.shape for candidate in candidates], predicate="intersects").T.tolist():
        if one < other and _same(candidates[one], candidates[other]):
            groups.unite(one, other)
    members: dict[int, list[Candidate]] = {}
    for index, candidate in enumerate(candidates):
        members.setdefault(groups.root(index), []).append(candidate)
    return [_one(views, width, height) for views in members.values()]


def _same(one: Candidate, other: Candidate) -> bool:
    if one.phrase != other.phrase or one.tile == other.tile:
        return False
    both = rectangle(one.tile).intersection(rectangle(other.tile))
    a, b = one.shape.intersection(both), other.shape.intersection(both)
    common, smaller = a.intersection(b).area, min(a.area, b.area)
    return bool(smaller > 0 and (common >= IOU * (a.area + b.area - common) or common >= CONTAINED * smaller))


def _one(views: Sequence[Candidate], width: int, height: int) -> tuple[Candidate, BaseGeometry]:
    ordered = sorted(views, key=lambda view: (-view.score, view.tile.row, view.tile.col))
    whole = [view for view in ordered if not _cut_off(view, width, height)]
    if whole:
        return whole[0], whole[0].shape
    return ordered[0], shapely.union_all([view.shape for view in ordered])


def _cut_off(view: Candidate, width: int, height: int) -> bool:
    """Return whether the object reaches an edge of its tile that is not the source's."""
    x0, y0, x1, y1 = view.shape.bounds
    tile = view.tile
    right, bottom = tile.col + tile.width, tile.row + tile.height
    across = (tile.col > 0 and x0 < tile.col + EDGE) or (right < width and x1 > right - EDGE)
    return bool(across or (tile.row > 0 and y0 < tile.row + EDGE) or (bottom < height and y1 > bottom - EDGE))
