"""The backend's one tree of errors. Each says in one sentence what is wrong, where, and what to do.

ToposcopeError
├── BadInput            the request cannot be carried out as given (HTTP 4xx, exit code 2)
├── Unavailable         the machine or the installation lacks something (HTTP 409/507, exit code 1)
├── Superseded          a newer request took this one's place
└── Cancelled           the user dismissed the job
"""

from __future__ import annotations

from backend.protocol import codes
from backend.protocol.problem import Problem


class ToposcopeError(Exception):
    """Base of all errors a person may see. `code` is one of `protocol.codes`."""

    status = 500

    def __init__(self, code: str, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = self.status if status is None else status

    def problem(self) -> Problem:
        """Return this error as it travels."""
        return Problem(code=self.code, detail=self.detail, status=self.status)


class BadInput(ToposcopeError):
    """The request is wrong; the sentence says which part and how to mend it."""

    status = 422


class Unavailable(ToposcopeError):
    """The request is right but this machine or installation cannot serve it now."""

    status = 409


class Superseded(ToposcopeError):
    """A newer request of the same session took this one's place before it ran."""

    status = 409

    def __init__(self) -> None:
        super().__init__(codes.SUPERSEDED, "A newer request took this one's place.")


class Cancelled(ToposcopeError):
    """The job was dismissed."""

    status = 409

    def __init__(self) -> None:
        super().__init__(codes.CANCELLED, "The job was cancelled.")
