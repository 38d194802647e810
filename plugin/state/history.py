"""The prompts of one object, step by step, with undo and redo. Knows no Qt and no backend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional

from ...backend.protocol.prompts import Box, Point, Prompts
from ...backend.protocol.sessions import PredictResponse


@dataclass(eq=False)
class Step:
    """The prompts after one action, and the answer to them once there is one.

    `mask` is the answer's mask; it stays when the answer is dropped, so that asking again refines the same mask.
    `failed` says that there was no answer to be had.
    """

    prompts: Prompts
    answer: Optional[PredictResponse] = None
    mask: str = ""
    failed: bool = False


class History:
    """Steps up to the current one, and those undone. The first step has no prompts."""

    def __init__(self) -> None:
        self._steps: List[Step] = [Step(Prompts())]
        self._at = 0

    @property
    def current(self) -> Step:
        """Return the step that is shown."""
        return self._steps[self._at]

    @property
    def can_undo(self) -> bool:
        """Return whether there is a step before."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Return whether a step was undone."""
        return self._at + 1 < len(self._steps)

    @property
    def empty(self) -> bool:
        """Return whether there is nothing to predict from."""
        return not self.current.prompts.points and self.current.prompts.box is None

    @property
    def mask(self) -> str:
        """Return the id of the mask to refine: the answer of the step before, empty where there is none."""
        return self._steps[self._at - 1].mask if self._at else ""

    def with_point(self, point: Point) -> Prompts:
        """Return the current prompts and one more point, without taking the step."""
        prompts = self.current.prompts
        return replace(prompts, points=(*prompts.points, point))

    def add_point(self, point: Point) -> None:
        """Add a click."""
        self._push(self.with_point(point))

    def set_box(self, box: Box) -> None:
        """Set the box, in place of the one before it."""
        self._push(replace(self.current.prompts, box=box))

    def undo(self) -> bool:
        """Take the last prompt back; return whether there was one."""
        moved = self.can_undo
        self._at -= moved
        return moved

    def redo(self) -> bool:
        """Take back an undo; return whether there was one."""
        moved = self.can_redo
        self._at += moved
        return moved

    def clear(self) -> None:
        """Start the next object: no prompts, nothing to undo."""
        self._steps, self._at = [Step(Prompts())], 0

    def drop_current(self) -> None:
        """Take the last prompt out for good, because the backend cannot use it."""
        del self._steps[self._at :]
        self._at -= 1

    def forget_answers(self) -> None:
        """Drop every answer, because the outline is to change."""
        for step in self._steps:
            step.answer, step.failed = None, False

    def forget_masks(self) -> None:
        """Drop every mask, because the session that knew them is gone. What is shown stays."""
        for step in self._steps:
            step.mask, step.failed = "", False

    def _push(self, prompts: Prompts) -> None:
        del self._steps[self._at + 1 :]
        self._steps.append(Step(prompts))
        self._at += 1
