"""A detector's box to the object's outline, by a segmenter."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.polygonize import exact_polygons
from backend.geo.reader import SourceReader
from backend.models.segmenter import Segmenter
from backend.protocol import codes
from backend.protocol.prompts import Box, Prompts
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.objects import ObjectResult, ObjectSegmenter

AGREEMENT = 0.3
"""A mask whose bounds agree less with the box (IoU) is of something else; the box stands then."""


class Refiner:
    """Outlines what lies in boxes of one source."""

    def __init__(self, reader: SourceReader, segmenter: Segmenter, name: str) -> None:
        self._segmenter = ObjectSegmenter(reader, segmenter, EmbeddingCache(), model_id=name)

    def __call__(self, box: shapely.Polygon) -> BaseGeometry:
        """Return the outline, along pixel edges, of the object in `box` (source pixels), or the box itself."""
        try:
            found = self._segmenter.predict(Prompts(box=Box(*box.bounds), pixel=True))
        except BadInput as error:
            if error.code in (codes.NO_VALID_PIXELS, codes.PROMPT_INVALID):
                return box
            raise
        inside = outlined_shape(found).intersection(box.buffer(0.1 * box.length / 4))
        if inside.is_empty:
            return box
        around = inside.envelope
        agrees = around.intersection(box).area >= AGREEMENT * around.union(box).area
        return (
            shapely.MultiPolygon([p for p in shapely.get_parts(inside) if p.geom_type == "Polygon"]) if agrees else box
        )


def outlined_shape(found: ObjectResult) -> shapely.MultiPolygon:
    """Return an answer's outline along the edges of its cells, in source pixels."""
    parts = shapely.MultiPolygon(exact_polygons(found.mask))
    return shapely.transform(parts, lambda xy: xy * found.step + (found.window.col, found.window.row))


def unrefined(box: shapely.Polygon) -> BaseGeometry:
    """Return the box: no segmenter is installed."""
    return box
