"""Interactive segmentation: open a source once, predict many times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple

from .prompts import Point, Prompts
from .source import Source

Ring = Tuple[Tuple[float, float], ...]
Polygon = Tuple[Ring, ...]


@dataclass(frozen=True)
class SessionRequest:
    """Open `source` for clicks with `model`. `focus` asks for the crop there to be encoded ahead of a click."""

    source: Source
    model: str
    focus: Optional[Point] = None
    device: str = "auto"


@dataclass(frozen=True)
class SessionInfo:
    """An open session. `transform` is GDAL's six numbers; `pixel_size_m` 0 where the ground size is unknown."""

    id: str
    model: str
    crs: str
    width: int
    height: int
    transform: Tuple[float, float, float, float, float, float]
    pixel_size_m: float
    device: str
    notice: str = ""


@dataclass(frozen=True)
class PredictRequest:
    """Prompts for one object.

    Attributes:
        sequence: grows with each request of a session; of the requests that wait, only the newest runs.
        mask: the `mask` of an earlier answer in this session, to refine it; empty for none.
        hover: a preview that the pointer asks for; dropped first when the device is busy.
        parameters: the outline parameters of the segment task.
    """

    prompts: Prompts
    sequence: int
    mask: str = ""
    hover: bool = False
    parameters: Dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PredictResponse:
    """Polygons in the source's CRS (rings closed, exterior first), best first.

    Attributes:
        score: the model's own estimate of its mask's IoU, 0 to 1.
        area_m2: on the ellipsoid; 0 where the CRS is unknown.
        mask: id of the mask kept for refinement.
        crops: how many crops the object spans.
        truncated: the object goes on beyond the most crops one prompt may take.
        encode_ms, decode_ms, outline_ms: time spent in the encoder (0 when kept), the decoder, the outline.
    """

    sequence: int
    polygons: Tuple[Polygon, ...]
    score: float
    area_m2: float
    mask: str = ""
    crops: int = 1
    truncated: bool = False
    notice: str = ""
    encode_ms: float = 0.0
    decode_ms: float = 0.0
    outline_ms: float = 0.0


@dataclass(frozen=True)
class FocusRequest:
    """Encode the crop at this place (source CRS) when the device is idle."""

    focus: Point
