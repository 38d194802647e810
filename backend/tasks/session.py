"""Interactive segmentation: one open source, one model, many clicks."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import shapely

from backend.errors import BadInput
from backend.geo.measure import area_m2
from backend.geo.outline import OutlineParameters, outline
from backend.geo.reader import SourceReader
from backend.models.segmenter import Segmenter
from backend.protocol import codes
from backend.protocol.prompts import Point, Prompts
from backend.protocol.sessions import Polygon, PredictRequest, PredictResponse, SessionInfo
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.objects import Memory, ObjectResult, ObjectSegmenter

KEPT_MASKS = 8
NOTHING = "Nothing was found here; try another place or add a point."


class SegmentSession:
    """A source opened for clicks. Calls come from the device's thread."""

    def __init__(self, info: SessionInfo, reader: SourceReader, segmenter: Segmenter, cache: EmbeddingCache) -> None:
        self.info = info
        self._reader = reader
        self._objects = ObjectSegmenter(reader, segmenter, cache, model_id=info.model)
        self._masks: OrderedDict[str, Memory] = OrderedDict()
        self._made = 0

    def predict(self, request: PredictRequest, on_step: Callable[[], None] = lambda: None) -> PredictResponse:
        """Return the object that the request's prompts point at; `on_step` runs before each crop and may raise.

        A hover preview asks one crop only, so that it answers at once; `truncated` says when the object goes on.

        Raises:
            BadInput: PARAMETER_INVALID, PROMPT_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS, SOURCE_CHANGED,
                SOURCE_UNREADABLE; NOT_FOUND for a mask that is no longer kept.
        """
        parameters = OutlineParameters.parse(request.parameters)
        memory = self._memory(request.mask)
        result = self._objects.predict(request.prompts, memory, on_step, max_crops=1 if request.hover else 0)
        started = time.perf_counter()
        shape = outline(result.mask, result.window, result.step, self._reader.grid, parameters)
        placed = [self._reader.to_crs(polygon) for polygon in shape.polygons]
        return PredictResponse(
            sequence=request.sequence,
            polygons=tuple(_rings(polygon) for polygon in placed),
            score=min(1.0, max(0.0, result.score)),
            area_m2=sum(area_m2(polygon, self._reader.grid.crs) for polygon in placed),
            mask="" if request.hover else self._keep(result),
            crops=result.crops,
            truncated=result.truncated,
            notice=shape.notice if placed else NOTHING,
            encode_ms=result.timings.encode_ms,
            decode_ms=result.timings.decode_ms,
            outline_ms=(time.perf_counter() - started) * 1e3,
        )

    def focus(self, point: Point) -> None:
        """Encode the crop at `point` ahead of a click there. Raises as `predict`."""
        self._objects.prepare(Prompts(points=(Point(point.x, point.y, 1),)))

    def close(self) -> None:
        """Close the source and forget the masks."""
        self._masks.clear()
        self._reader.close()

    def _memory(self, mask: str) -> Memory | None:
        if not mask:
            return None
        if mask not in self._masks:
            detail = "The mask to refine is no longer kept; send the prompts without it."
            raise BadInput(codes.NOT_FOUND, detail, status=404)
        self._masks.move_to_end(mask)
        return self._masks[mask]

    def _keep(self, result: ObjectResult) -> str:
        if result.memory is None:
            return ""
        self._made += 1
        name = f"m{self._made}"
        self._masks[name] = result.memory
        while len(self._masks) > KEPT_MASKS:
            self._masks.popitem(last=False)
        return name


def session_info(name: str, model: str, reader: SourceReader, device: str, notice: str = "") -> SessionInfo:
    """Return what a client is told of a session on `reader`."""
    grid = reader.grid
    return SessionInfo(
        id=name,
        model=model,
        crs=grid.crs,
        width=grid.width,
        height=grid.height,
        transform=grid.transform.to_gdal(),
        pixel_size_m=reader.pixel_size_m,
        device=device,
        notice=notice,
    )


def _rings(polygon: shapely.Polygon) -> Polygon:
    return tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (polygon.exterior, *polygon.interiors))
