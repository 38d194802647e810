"""Every call of the protocol as data: both transports send the same ones and read answers the same way."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Generic, Mapping, Optional, Type, TypeVar
from urllib.parse import quote

from ...backend.protocol import wire
from ...backend.protocol.capabilities import Capabilities
from ...backend.protocol.jobs import JobRequest, JobState
from ...backend.protocol.problem import Problem
from ...backend.protocol.prompts import Point
from ...backend.protocol.sessions import FocusRequest, PredictRequest, PredictResponse, SessionInfo, SessionRequest
from ...backend.protocol.transfers import ENDING_HEADER, DownloadRequest, ImportRequest, Upload
from .failures import ANSWER_UNREADABLE, ClientError, failure

T = TypeVar("T")
IDEMPOTENCY = "Idempotency-Key"
QUICK_S, SLOW_S = 60, 900
"""Silence after which a call counts as lost. The slow one covers loading and encoding with the largest model."""


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request. `answer` is the dataclass that comes back, None where only success matters.

    `header` names the answer's header that holds its JSON; the body is bytes then, and both come as `Pictured`.
    """

    method: str
    path: str
    answer: Optional[Type[T]] = None
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_s: int = QUICK_S
    header: str = ""


@dataclass(frozen=True)
class Pictured(Generic[T]):
    """An answer that is a picture: `pixels` row by row from the north, `answer` what they mean."""

    answer: T
    pixels: bytes = field(repr=False)


def capabilities() -> Call[Capabilities]:
    """Ask what the backend can do."""
    return Call("GET", "/capabilities", Capabilities)


def submit(request: JobRequest, key: str) -> Call[JobState]:
    """Start a job; sent twice with the same `key` it still starts one."""
    return Call("POST", "/jobs", JobState, body_of(request), {IDEMPOTENCY: key})


def job(job_id: str) -> Call[JobState]:
    """Ask for a job's state."""
    return Call("GET", f"/jobs/{part_of(job_id)}", JobState)


def dismiss(job_id: str) -> Call[JobState]:
    """Cancel a job, or forget a finished one."""
    return Call("DELETE", f"/jobs/{part_of(job_id)}", JobState)


def open_session(request: SessionRequest) -> Call[SessionInfo]:
    """Open a source for clicks."""
    return Call("POST", "/sessions", SessionInfo, body_of(request), timeout_s=SLOW_S)


def close_session(session_id: str) -> Call[None]:
    """Free a session."""
    return Call("DELETE", f"/sessions/{part_of(session_id)}")


def predict(session_id: str, request: PredictRequest) -> Call[PredictResponse]:
    """Ask for the object the prompts point at."""
    return Call("POST", f"/sessions/{part_of(session_id)}/predict", PredictResponse, body_of(request), timeout_s=SLOW_S)


def focus(session_id: str, point: Point) -> Call[None]:
    """Ask for the crop around `point` to be encoded ahead of a click."""
    return Call("POST", f"/sessions/{part_of(session_id)}/focus", None, body_of(FocusRequest(point)))


def download_model(model_id: str, request: DownloadRequest, key: str) -> Call[JobState]:
    """Start the download of a model's weights."""
    return Call("POST", f"/models/{part_of(model_id)}/download", JobState, body_of(request), {IDEMPOTENCY: key})


def import_model(model_id: str, path: str, key: str) -> Call[JobState]:
    """Start the import of a model's weights from a file or folder on the backend's machine."""
    body = body_of(ImportRequest(path))
    return Call("POST", f"/models/{part_of(model_id)}/import", JobState, body, {IDEMPOTENCY: key})


def remove_model(model_id: str) -> Call[None]:
    """Remove a model's weights."""
    return Call("DELETE", f"/models/{part_of(model_id)}")


def upload(name: str) -> Call[Upload]:
    """Send the file of that name; the transport adds its bytes. Of the name only the ending is told."""
    ending = re.search(r"\.[a-z0-9]{1,12}$", name.lower())
    headers = {"Content-Type": "application/octet-stream", **({ENDING_HEADER: ending[0]} if ending else {})}
    return Call("POST", "/uploads", Upload, headers=headers, timeout_s=SLOW_S)


def remove_upload(upload_id: str) -> Call[None]:
    """Delete a raster that was sent."""
    return Call("DELETE", f"/uploads/{part_of(upload_id)}")


def result_file(job_id: str, name: str) -> Call[None]:
    """Ask for the bytes of a result file."""
    return Call("GET", f"/jobs/{part_of(job_id)}/files/{part_of(name)}", timeout_s=SLOW_S)


def read(call: Call[T], status: int, body: bytes, said: bytes = b"") -> T:
    """Return the answer of `call`; `said` is the value of the header it names, in Latin-1 as headers are.

    Raises:
        ClientError: the backend answered with a problem, or with something that is not the protocol's.
    """
    if not 200 <= status < 300:
        raise ClientError(read_problem(status, body))
    if call.answer is None:
        return None  # type: ignore[return-value]
    try:
        answer = wire.load(call.answer, json.loads(said if call.header else body))
    except ValueError as error:
        raise ClientError(_unreadable(status, str(error))) from None
    return Pictured(answer, body) if call.header else answer  # type: ignore[return-value]


def read_problem(status: int, body: bytes) -> Problem:
    """Return the problem in the body of an answer that is no success."""
    try:
        return wire.load(Problem, json.loads(body))
    except ValueError:
        return _unreadable(status, "it is not problem+json")


def _unreadable(status: int, why: str) -> Problem:
    return failure(ANSWER_UNREADABLE, f"The backend's answer (HTTP status {status}) cannot be read: {why}.")


def body_of(message: Any) -> bytes:
    """Return a message as the body of a request."""
    return json.dumps(wire.dump(message), allow_nan=False, separators=(",", ":")).encode()


def part_of(text: str) -> str:
    """Return a text as one part of a path."""
    return quote(text, safe="")
