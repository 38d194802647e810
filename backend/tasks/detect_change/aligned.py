"""A pair brought to one place and one light, and what is told of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from backend.geo.raster import Window

from .normalise import Light, matched
from .pair import Pair
from .parameters import MATCH
from .sample import sample
from .shift import Shift, measured


@dataclass(frozen=True)
class Aligned:
    """The pair to be compared, the shift that was measured (None: not asked for), and its light."""

    pair: Pair
    shift: Shift | None
    normalise: str

    def record(self) -> dict[str, Any]:
        """Return what the run record tells of it."""
        light = self.pair.light
        found: dict[str, Any] = {"alignment": {"asked": self.shift is not None}}
        if self.shift is not None:
            shift = self.shift
            found["alignment"] |= {
                "shift_pixels": [shift.columns, shift.rows],
                "agreement": shift.agreement,
                "windows": shift.windows,
                "corrected": any(shift.wanted),
            }
        told: dict[str, Any] = {"method": self.normalise}
        if self.normalise == MATCH:
            told |= {"gain": list(light.gain), "offset": list(light.offset)}
            told |= {"unchanged": light.unchanged, "believed": light.believed}
        return {**found, "normalisation": told}


def aligned(pair: Pair, shared: Window, align: bool, normalise: str, notify: Callable[[str], None]) -> Aligned:
    """Return `pair` moved and lit as asked for, measured in the window `shared`; `notify` is told what was done."""
    shift: Shift | None = None
    if align:
        shift = measured(sample(pair.before, pair.moved, shared))
        pair = pair.shifted(shift.wanted)
        sentence = _said(pair.after.name, shift)
        if sentence:
            notify(sentence)
    if normalise == MATCH:
        light = matched(sample(pair.before, pair.moved, shared))
        if not light.believed:
            notify(f"{pair.after.name} has too little in common with the other picture to bring it to its light.")
        pair = replace(pair, light=light if light.believed else replace(Light(), believed=False))
    return Aligned(pair, shift, normalise)


def _said(name: str, shift: Shift) -> str:
    where = f"{shift.columns:+.1f} columns and {shift.rows:+.1f} rows"
    if any(shift.wanted):
        return f"{name} lay {where} of pixels off and was moved back ({shift.agreement:.0%} of the windows agree)."
    if not shift.consistent:
        return f"Whether {name} is shifted could not be told: only {shift.agreement:.0%} of the windows agree."
    return ""
