"""Failures around change as a person sees them: only the backend knows which class, label or date, and why."""

from __future__ import annotations

from dataclasses import replace

from ...backend.protocol import codes
from ...backend.protocol.problem import Problem
from ..backend_texts import translated
from ..errors import UserError, user_error

TOLD_BY_BACKEND = (codes.PARAMETER_INVALID, codes.PROMPT_INVALID, codes.PROMPT_OUTSIDE, codes.NO_VALID_PIXELS)


def change_error(problem: Problem) -> UserError:
    """Return what to show."""
    error = user_error(problem)
    if problem.code in TOLD_BY_BACKEND and problem.detail:
        return replace(error, sentence=translated(problem.detail), action="")
    return error


def sentence_of(error: UserError) -> str:
    """Return it as one line."""
    return " ".join(part for part in (error.sentence, error.action) if part)
