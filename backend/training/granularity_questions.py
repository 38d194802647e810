"""Forms of questions for the granularity head, English and Chinese in pairs: {} is a noun, {s} its plural.

What asks about the whole view (its kind, its season, a caption) is of the image; what asks for things one by one
(where, which, how many) is of the region; what asks for ground covered (masks, outlines, shares, maps) is of the pixel.
A pair is held out, or not, as one: its translation never trains while it tests.
"""

from __future__ import annotations

import json
from pathlib import Path

Pairs = tuple[tuple[str, str], ...]


def _pairs(name: str) -> Pairs:
    return tuple((english, chinese) for english, chinese in _DATA[name])


_DATA = json.loads(Path(__file__).with_name("granularity_forms.json").read_text(encoding="utf-8"))
FORMS = {name: _pairs(name) for name in ("image", "region", "pixel")}
BARE, OPENERS, TAILS = _pairs("bare"), _pairs("openers"), _pairs("tails")
