"""One accepted object and the fields it is written with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Dict, List, Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsField, QgsGeometry

from ...backend.protocol.prompts import Prompts
from ...backend.protocol.wire import dump
from .compat import number_field, text_field


@dataclass(frozen=True)
class Result:
    """A geometry in `crs` and where it comes from. `created` is UTC, ISO 8601; empty means now."""

    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem
    score: float
    area_m2: float
    prompt: str = ""
    model: str = ""
    source: str = ""
    label: str = ""
    created: str = ""

    def attributes(self) -> Dict[str, object]:
        """Return the values by field name. An area of 0 means that the CRS is unknown: it is left empty."""
        area: Optional[float] = round(self.area_m2, 3) if self.area_m2 else None
        return {
            "score": round(self.score, 4),
            "label": self.label,
            "prompt": self.prompt,
            "model": self.model,
            "source": self.source,
            "area_m2": area,
            "created": self.created or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


def result_fields() -> List[QgsField]:
    """Return the fields of a new result layer."""
    return [
        number_field("score"),
        text_field("label"),
        text_field("prompt"),
        text_field("model"),
        text_field("source"),
        number_field("area_m2"),
        text_field("created"),
    ]


def prompt_text(prompts: Prompts) -> str:
    """Return prompts as the JSON that goes into the `prompt` field."""
    return json.dumps(dump(prompts), separators=(",", ":"))
