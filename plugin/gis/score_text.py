"""What a prediction is worth, in words, from the record of its run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

from .refused import tr

MODEL, COORDINATES = "model", "longitude_latitude"


def score_of(record: Optional[Path]) -> Dict[str, Any]:
    """Return the score in a run's record; empty where there is none."""
    if record is None:
        return {}
    found: Any = json.loads(record.read_text(encoding="utf-8")).get("score")
    return found if isinstance(found, dict) else {}


def score_lines(record: Optional[Path]) -> List[str]:
    """Return a line for each way in which places were held out."""
    score = score_of(record)
    names = {"random": tr("places at random"), "blocks": tr("whole blocks of the map")}
    lines = []
    for held, split in score.items():
        if isinstance(split, dict):
            model, plain = (_mean(split.get(key)) for key in (MODEL, COORDINATES))
            text = tr("Held out {}: {} {}; with longitude and latitude alone {}")
            lines.append(text.format(names.get(held, held), score.get("measure", ""), model, plain))
    return lines


def _mean(found: Any) -> str:
    mean = found.get("mean") if isinstance(found, dict) else None
    return "–" if mean is None else f"{mean:.2f}"
