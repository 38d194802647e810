"""Click to segment: prompts in, previews out, one object after another. Coordinates are in the source's CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol import codes
from ...backend.protocol.problem import Problem
from ...backend.protocol.prompts import Box, Point, Prompts
from ...backend.protocol.sessions import Polygon, PredictRequest, PredictResponse, SessionInfo, SessionRequest
from ...backend.protocol.source import Source
from ..client.client import Pending
from ..errors import user_error
from .connection import Connection
from .history import History, Step
from .session_link import SessionLink, SessionState

UNUSABLE_PROMPT = (codes.PROMPT_INVALID, codes.PROMPT_OUTSIDE, codes.NO_VALID_PIXELS)
REOPEN_ON_CLICK = (codes.SOURCE_CHANGED, codes.SOURCE_MISSING, codes.SOURCE_UNREADABLE, codes.SESSION_GONE)


@dataclass(frozen=True)
class AcceptedObject:
    """An object as it was when it was accepted. `crs` is the source's, as the backend names it."""

    polygons: Tuple[Polygon, ...]
    score: float
    area_m2: float
    prompts: Prompts
    model: str
    source: Source
    crs: str
    device: str


@dataclass
class _Asked:
    """The request under way. A hover belongs to no step."""

    step: Optional[Step]
    pending: Optional[Pending] = None


class SegmentSession(QObject):
    """At most one request is under way; what is asked next follows from the prompts, so a click replaces a hover.

    Signals:
        preview_changed: polygons or None, their `PredictResponse` or None, whether it is a hover.
        prompts_changed: the current `Prompts`.
        busy_changed: whether an answer to a click is awaited.
        state_changed: `state` or `info` changed.
        failed: a `UserError`. The session stays usable; the next click tries again.
    """

    preview_changed = pyqtSignal(object, object, bool)
    prompts_changed = pyqtSignal(object)
    busy_changed = pyqtSignal(bool)
    state_changed = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, connection: Connection, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._link = SessionLink(connection, self)
        self._history = History()
        self._parameters: Dict[str, Any] = {}
        self._hover: Optional[Point] = None
        self._asked: Optional[_Asked] = None
        self._sequence = 0
        self._reopened = False
        self._busy = False
        self._link.changed.connect(self._on_link)
        self._link.masks_lost.connect(self._on_masks_lost)
        self._link.failed.connect(self.failed)

    @property
    def state(self) -> SessionState:
        """Return where the session stands."""
        return self._link.state

    @property
    def info(self) -> Optional[SessionInfo]:
        """Return what the backend said of the source, None while it is not open."""
        return self._link.info

    @property
    def request(self) -> Optional[SessionRequest]:
        """Return what was asked to be open, None while nothing is."""
        return self._link.request

    @property
    def prompts(self) -> Prompts:
        """Return the prompts that are set."""
        return self._history.current.prompts

    @property
    def answer(self) -> Optional[PredictResponse]:
        """Return the answer to the current prompts, None while there is none."""
        return self._history.current.answer

    @property
    def can_undo(self) -> bool:
        """Return whether there is a prompt to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Return whether there is a prompt to bring back."""
        return self._history.can_redo

    @property
    def busy(self) -> bool:
        """Return whether an answer to a click is awaited."""
        return self._busy

    def hover_refusal(self) -> str:
        """Return why there is no preview under the pointer, empty where there is one."""
        capabilities, request = self._connection.capabilities, self._link.request
        if capabilities is None or request is None or capabilities.device.kind != "cpu":
            return ""
        slow = any(model.id == request.model and not model.hover for model in capabilities.models)
        return self.tr("This model is too slow on the CPU for a preview under the pointer.") if slow else ""

    def open(self, source: Source, model: str, device: str = "auto", keep: bool = False) -> None:
        """Open a source; prompts stay where the source is the same and only the model or device changes.

        `keep`: it stays open when another takes its place, so that coming back costs nothing.
        """
        before = self._link.request
        self._cancel()
        if before is not None and before.source == source:
            self._history.forget_answers()
        else:
            self._history.clear()
        self._link.open(source, model, device, keep)
        self._show()

    def leave(self) -> None:
        """Turn away from the source and forget the prompts; it may stay open for a return."""
        self._cancel()
        self._history.clear()
        self._link.leave()
        self._show()

    def free_others(self) -> None:
        """Free the sources that stay open beside the current one."""
        self._link.free_others()

    def close(self) -> None:
        """Close the source, and those that were left, and forget the prompts."""
        self._cancel()
        self._history.clear()
        self._link.close()
        self._show()

    def set_parameters(self, parameters: Dict[str, Any]) -> None:
        """Set the outline parameters; the current object's outline is made again."""
        if parameters != self._parameters:
            self._parameters = dict(parameters)
            self._history.forget_answers()
            self._next()

    def add_point(self, x: float, y: float, label: int = 1) -> None:
        """Add a click: 1 belongs to the object, 0 does not."""
        self._history.add_point(Point(x, y, label))
        self._on_prompts()

    def set_box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Set the box around the object."""
        self._history.set_box(Box(x0, y0, x1, y1))
        self._on_prompts()

    def undo(self) -> None:
        """Take the last prompt back."""
        if self._history.undo():
            self._on_prompts()

    def redo(self) -> None:
        """Bring the last prompt taken back again."""
        if self._history.redo():
            self._on_prompts()

    def clear(self) -> None:
        """Drop the prompts of this object."""
        self._history.clear()
        self._on_prompts()

    def hover(self, x: float, y: float, label: int = 1) -> None:
        """Preview what a click here would give. The newest place wins; clicks go first."""
        if self.state is SessionState.READY and not self.hover_refusal():
            self._hover = Point(x, y, label)
            self._next()

    def end_hover(self) -> None:
        """Show the current object again, because the pointer left."""
        self._hover = None
        if self._asked is not None and self._asked.step is None:
            self._cancel()
        self._show_preview()

    def focus(self, x: float, y: float) -> None:
        """Encode the place ahead of a click; the canvas rests here."""
        if not self._busy:
            self._link.focus(Point(x, y))

    def take(self) -> Optional[AcceptedObject]:
        """Return the current object and start the next one; None where there is no object yet."""
        taken = self.current_object()
        if taken is not None:
            self.clear()
        return taken

    def current_object(self) -> Optional[AcceptedObject]:
        """Return the current object, None where there is none yet."""
        step, request, info = self._history.current, self._link.request, self._link.info
        answer = step.answer
        if self._history.empty or answer is None or not answer.polygons or request is None:
            return None
        return AcceptedObject(
            polygons=answer.polygons,
            score=answer.score,
            area_m2=answer.area_m2,
            prompts=step.prompts,
            model=request.model,
            source=request.source,
            crs=info.crs if info else request.source.crs,
            device=info.device if info else "",
        )

    def _on_prompts(self) -> None:
        self._hover = None
        if self.state is SessionState.FAILED and not self._history.empty:
            self._link.reopen()
        self._show()

    def _show(self) -> None:
        self.prompts_changed.emit(self.prompts)
        self._next()
        self._show_preview()

    def _show_preview(self) -> None:
        answer = self.answer
        self.preview_changed.emit(answer.polygons if answer else None, answer, False)

    def _next(self) -> None:
        """Send what is needed now, unless it is under way already."""
        self._drop_stale()
        step = self._history.current
        wanted = not self._history.empty and step.answer is None and not step.failed
        if self.state is SessionState.READY and self._asked is None:
            if wanted:
                self._send(step, step.prompts)
            elif self._hover is not None:
                point, self._hover = self._hover, None
                self._send(None, self._history.with_point(point))
        self._set_busy(wanted and self.state in (SessionState.READY, SessionState.OPENING))

    def _send(self, step: Optional[Step], prompts: Prompts) -> None:
        self._sequence += 1
        mask = self._history.mask if step is not None else self._history.current.mask
        request = PredictRequest(prompts, self._sequence, mask, step is None, self._parameters)
        asked = self._asked = _Asked(step)
        asked.pending = self._link.predict(
            request, lambda r: self._on_answer(asked, r), lambda p: self._on_problem(asked, p)
        )

    def _on_answer(self, asked: _Asked, response: PredictResponse) -> None:
        self._asked = None
        self._reopened = False
        if asked.step is None:
            self.preview_changed.emit(response.polygons, response, True)
        else:
            asked.step.answer, asked.step.mask = response, response.mask
            self._show_preview()
        self._next()

    def _on_problem(self, asked: _Asked, problem: Problem) -> None:
        self._asked = None
        if problem.code == codes.SUPERSEDED or self._link.wait_for_restart(problem):
            self._next()
        elif problem.code == codes.SESSION_GONE and not self._reopened:
            self._reopened = True
            self._link.reopen()
        elif asked.step is None:
            self._next()
        else:
            self._refuse(asked.step, problem)

    def _refuse(self, step: Step, problem: Problem) -> None:
        """Say why there is no answer to a click, in a state from which the next click works."""
        step.failed = True
        if problem.code in UNUSABLE_PROMPT:
            self._history.drop_current()
        if problem.code in REOPEN_ON_CLICK:
            self._link.fail(user_error(problem))
        else:
            self.failed.emit(user_error(problem))
        self._show()

    def _on_link(self) -> None:
        self.state_changed.emit()
        self._next()

    def _on_masks_lost(self) -> None:
        self._cancel()
        self._history.forget_masks()

    def _drop_stale(self) -> None:
        """Abort what is under way for prompts that are no longer current, and a hover once a click came."""
        asked = self._asked
        if asked is None:
            return
        step = self._history.current
        clicked = not self._history.empty and step.answer is None and not step.failed
        stale = clicked if asked.step is None else asked.step is not step
        if stale:
            self._cancel()

    def _cancel(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None and asked.pending is not None:
            asked.pending.abort()

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
