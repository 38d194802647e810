"""How the picture beneath vectors was brought to 8 bit, as a tag says it: `LOW,HIGH`, or one a band with semicolons."""

from __future__ import annotations

from collections.abc import Sequence

from backend.protocol.source import Stretch

STRETCH_TAG = "TOPOSCOPE_STRETCH"


def stretch_text(stretches: Sequence[Stretch]) -> str:
    """Return `stretches` as text that reads back as the same numbers; empty for none."""
    return ";".join(f"{stretch.low!r},{stretch.high!r}" for stretch in stretches)
