"""The answer as one object: a caption, phrases by their share, objects to zoom to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from backend.geo.raster import Grid
from backend.protocol.ground import IMAGE, RankedPhrase
from backend.protocol.prompts import Box
from backend.tasks.ground_policy.caption import Share
from backend.tasks.ground_policy.caption import caption as described
from backend.tasks.ground_policy.language import is_chinese

from .colours import phrase_colour
from .quantise import STEPS
from .shown import Tally

MOST_ITEMS = 1000
COLUMNS = ("index", "phrase", "share", "area_m2", "confidence", "best", "count")


def ranked(phrases: Sequence[str], tally: Tally, counts: Mapping[str, int]) -> tuple[RankedPhrase, ...]:
    """Return every phrase, the one with the largest share first; `counts` are instances by phrase."""
    rows = [
        RankedPhrase(
            phrase,
            index + 1,
            phrase_colour(index),
            share=round(tally.counts[index] / max(tally.known, 1), 6),
            area_m2=round(float(tally.areas[index]), 2),
            confidence=round(tally.scores[index] / max(int(tally.counts[index]), 1), 4),
            best=round(int(tally.best[index]) / STEPS, 4),
            count=counts.get(phrase, 0),
        )
        for index, phrase in enumerate(phrases)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share, -row.best, row.index)))


def caption(granularity: str, rows: Sequence[RankedPhrase], threshold: float) -> str:
    """Return the answer in a sentence or two."""
    found = [row for row in rows if row.share > 0 or row.count]
    missing = [row.phrase for row in rows if row not in found]
    if not found:
        return f"Nothing scores {threshold:g} or more; the nearest is {_nearest(rows)}. Lower the threshold to see it."
    if granularity == IMAGE:
        return _described(found, missing[:4])
    if not any(row.count for row in found):
        first = _amount(found[0])
        said = f"Mostly {first}" if found[0].share >= 0.5 else first[0].upper() + first[1:]
        said += "".join(f", {_amount(row)}" for row in found[1:4])
    else:
        said = "Found " + ", ".join(map(_counted, found[:4]))
    said += f" and {len(found) - 4} more phrases." if len(found) > 4 else "."
    return said + (f" Not found: {', '.join(missing[:4])}." if missing else "")


def shares_csv(rows: Sequence[RankedPhrase]) -> bytes:
    """Return `shares.csv`, in the order of `rows`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
    return text.getvalue().encode()


def box_of(grid: Grid) -> Box:
    """Return what a grid covers, in its CRS."""
    corners = [
        grid.transform @ place for place in ((0, 0), (grid.width, 0), (0, grid.height), (grid.width, grid.height))
    ]
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _amount(row: RankedPhrase) -> str:
    return f"{row.phrase} ({row.share:.0%})" if row.share >= 0.01 else f"{row.phrase} (under 1%)"


def _counted(row: RankedPhrase) -> str:
    return (f"{row.count} x " if row.count else "") + f"{row.phrase} ({row.share:.1%})"


def _described(found: Sequence[RankedPhrase], missing: Sequence[str]) -> str:
    """Return GeoMag's caption of a view, in Chinese where it was asked in Chinese."""
    said = described([Share(row.phrase, row.share, row.confidence) for row in found])
    if any(is_chinese(row.phrase) for row in found):
        return said.chinese + (f"未见：{'、'.join(missing)}。" if missing else "")
    return said.english + (f" Not found: {', '.join(missing)}." if missing else "")


def _nearest(rows: Sequence[RankedPhrase]) -> str:
    best = max(rows, key=lambda row: row.best)
    return f"{best.phrase} with {best.best:.2f}"
