"""Failures around embeddings as a person sees them: only the backend knows which example or file, and why."""

from __future__ import annotations

from dataclasses import replace

from ...backend.protocol import codes
from ...backend.protocol.problem import Problem
from ..backend_texts import translated
from ..errors import UserError, user_error

TOLD_BY_BACKEND = (codes.PROMPT_INVALID, codes.PROMPT_OUTSIDE, codes.PARAMETER_INVALID, codes.NO_VALID_PIXELS)


def embedding_error(problem: Problem) -> UserError:
    """Return what to show."""
    error = user_error(problem)
    if problem.code in TOLD_BY_BACKEND and problem.detail:
        return replace(error, sentence=translated(problem.detail), action="")
    return error


def sentence_of(problem: Problem) -> str:
    """Return the same as one line."""
    error = embedding_error(problem)
    return " ".join(part for part in (error.sentence, error.action) if part)
