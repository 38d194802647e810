"""A run's answer as it reads from a score on that the run was not made with."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from ...backend.protocol.ground import GroundedAnswer, RankedPhrase
from ..gis.ground_run import GroundRun
from ..gis.score_tally import ScoreTally


def answer_at(run: GroundRun, tally: Optional[ScoreTally], objects_from: float, map_from: float) -> GroundedAnswer:
    """Return the answer with the objects and the areas that these scores leave, largest share first.

    Without a `tally` the areas stay those of the run.
    """

    def row(one: RankedPhrase) -> RankedPhrase:
        one = replace(one, count=run.shown(objects_from, one.phrase))
        if tally is None:
            return one
        taken = tally.taken(one.index, map_from)
        return replace(one, share=taken.share, area_m2=taken.area_m2, confidence=taken.confidence)

    rows = sorted(map(row, run.answer.phrases), key=lambda one: (-one.share, -one.best, one.index))
    items = tuple(item for item in run.answer.items if item.score >= objects_from)
    return replace(run.answer, phrases=tuple(rows), items=items)
