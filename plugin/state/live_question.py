"""Questions that follow a person's hand: one is under way at a time, and of those that wait only the newest is sent."""

from __future__ import annotations

from typing import Any, Callable, Optional

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol import codes
from ...backend.protocol.problem import Problem
from ..client.calls import Call
from ..client.client import Pending
from .ask_link import AskLink, AskState

Question = Callable[[str, int], Call[Any]]
"""Makes a call from the id of the embeddings and a sequence number."""


class LiveQuestion(QObject):
    """`answered(question, Pictured)` brings an answer with the question it belongs to, `failed(Problem)` none.

    An answer that a newer question has overtaken is shown too: it is nearer to what is wanted than what was shown.
    After `clear` no answer comes any more.
    """

    answered = pyqtSignal(object, object)
    failed = pyqtSignal(object)

    def __init__(self, link: AskLink, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._sequence = 0
        self._waiting: Optional[Question] = None
        self._pending: Optional[Pending] = None
        link.changed.connect(self._on_link)

    @property
    def busy(self) -> bool:
        """Return whether an answer is awaited."""
        return self._pending is not None or self._waiting is not None

    def ask(self, question: Question) -> None:
        """Ask, now or when what is under way was answered."""
        self._waiting = question
        self._next()

    def clear(self) -> None:
        """Ask nothing any more."""
        self._waiting = None
        self._drop()

    def _next(self) -> None:
        if self._pending is not None or self._waiting is None or self._link.state is not AskState.READY:
            return
        question, self._waiting = self._waiting, None
        self._sequence += 1
        sequence = self._sequence
        self._pending = self._link.ask(
            lambda ask_id: question(ask_id, sequence),
            lambda answer: self._on_answer(question, answer),
            lambda problem: self._on_problem(question, problem),
        )

    def _on_answer(self, question: Question, answer: Any) -> None:
        self._pending = None
        self.answered.emit(question, answer)
        self._next()

    def _on_problem(self, question: Question, problem: Problem) -> None:
        self._pending = None
        if self._link.state is not AskState.READY:  # it is being opened again
            self._waiting = self._waiting or question
        elif problem.code != codes.SUPERSEDED:
            self.failed.emit(problem)
        self._next()

    def _on_link(self) -> None:
        if self._link.state is AskState.READY:
            self._next()
        else:
            self._drop()

    def _drop(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.abort()
