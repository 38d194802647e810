"""Failures that only this side can see. They travel as `Problem`s, so that callers handle one kind of error."""

from __future__ import annotations

from ...backend.protocol.problem import Problem

CONNECTION_REFUSED = "connection-refused"
CONNECTION_LOST = "connection-lost"
CONNECTION_TIMEOUT = "connection-timeout"
TLS_FAILED = "tls-failed"
ADDRESS_REFUSED = "address-refused"
AUTHORITY_UNREADABLE = "authority-unreadable"
ANSWER_UNREADABLE = "answer-unreadable"
FILE_UNREADABLE = "file-unreadable"
FILE_UNWRITABLE = "file-unwritable"
PROTOCOL_MISMATCH = "protocol-mismatch"

ALL = (
    CONNECTION_REFUSED,
    CONNECTION_LOST,
    CONNECTION_TIMEOUT,
    TLS_FAILED,
    ADDRESS_REFUSED,
    AUTHORITY_UNREADABLE,
    ANSWER_UNREADABLE,
    FILE_UNREADABLE,
    FILE_UNWRITABLE,
    PROTOCOL_MISMATCH,
)
TRANSPORT = (CONNECTION_REFUSED, CONNECTION_LOST, CONNECTION_TIMEOUT)
"""The backend did not get to answer; the same call may succeed once there is a backend again."""


class ClientError(Exception):
    """A call failed; `problem` says how."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def failure(code: str, detail: str) -> Problem:
    """Return a failure of this side as it would travel; its status 0 says that no server sent it."""
    return Problem(code=code, detail=detail, status=0)
