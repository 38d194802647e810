"""What a search for change looked for and did to the later picture before, in words, from the record of its run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

from .refused import tr

BUILDING = "building"
AGREED = 0.5
"""The share of windows that have to say the same of a shift."""


def record_lines(record: Optional[Path]) -> List[str]:
    """Return lines on which change alone was looked for, on the shift between both pictures and on their light.

    What was not done has no line; without a record there is none.
    """
    if record is None or not record.is_file():
        return []
    told: Dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    lines = [_which(told.get("only", {})), _shift(told.get("alignment", {})), _light(told.get("normalisation", {}))]
    return [line for line in lines if line]


def _which(told: Dict[str, Any]) -> str:
    return str(tr("Only buildings that come or go are looked for.")) if told.get("told") == BUILDING else ""


def _shift(told: Dict[str, Any]) -> str:
    """A picture that was moved, or cannot be placed, is a notice of the job's."""
    if told.get("corrected", True) or told.get("agreement", 0.0) < AGREED:
        return ""
    across, down = told["shift_pixels"]
    text = tr("The pictures lie on each other: shift {x} px across, {y} px down.")
    return str(text.format(x=f"{across:.2f}", y=f"{down:.2f}"))


def _light(told: Dict[str, Any]) -> str:
    if "gain" not in told:
        return str(tr("The light of both pictures was left as it is.")) if told else ""
    if not told.get("believed", True):
        return str(tr("The light of both pictures was left as it is: too little is unchanged to match it."))
    gains = " / ".join(f"{value:.2f}" for value in told["gain"])
    offsets = " / ".join(f"{round(value):+d}" for value in told["offset"])
    return str(
        tr("The later picture was brought to the light of the earlier one: times {}, {}.").format(gains, offsets)
    )
