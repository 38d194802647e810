"""Jobs: one run of a task, shaped like OGC API Processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple

from .problem import Problem
from .prompts import Prompts
from .source import Source

ACCEPTED, RUNNING, SUCCESSFUL, FAILED, DISMISSED = "accepted", "running", "successful", "failed", "dismissed"
FINAL = (SUCCESSFUL, FAILED, DISMISSED)


@dataclass(frozen=True)
class Output:
    """Where results go. An empty `path` means a file in the job's own run folder."""

    path: str = ""
    layer: str = ""


@dataclass(frozen=True)
class JobRequest:
    """Everything a job needs. `parameters` are checked against the model's and the task's specs.

    `others` are further files that the task names, such as `examples` or `after`.
    """

    task: str
    model: str = ""
    source: Optional[Source] = None
    prompts: Tuple[Prompts, ...] = ()
    parameters: Dict[str, Any] = field(default_factory=dict)
    output: Output = field(default_factory=Output)
    device: str = "auto"
    others: Dict[str, Source] = field(default_factory=dict)


@dataclass(frozen=True)
class ResultFile:
    """One file a job left. `path` is on the backend's machine; `GET /jobs/{id}/files/{name}` serves its bytes."""

    name: str
    path: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Partial:
    """What a running job has finished so far: a raster (VRT) to be read again whenever `done` of `total` grows.

    `path` is on the backend's machine. It stays until the job, or a later one of the same request, succeeds.
    """

    path: str
    done: int
    total: int


@dataclass(frozen=True)
class JobState:
    """A job as seen from outside. Times are UTC, ISO 8601; `progress` is 0 to 100."""

    id: str
    task: str
    status: str
    created: str
    model: str = ""
    progress: float = 0.0
    message: str = ""
    remaining_s: Optional[float] = None
    started: str = ""
    finished: str = ""
    notices: Tuple[str, ...] = ()
    problem: Optional[Problem] = None
    results: Tuple[ResultFile, ...] = ()
    partial: Optional[Partial] = None


@dataclass(frozen=True)
class Event:
    """One line of `GET /events`. `seq` grows by one; `kind` is `job` (data: JobState) or `notice` (data: text)."""

    seq: int
    kind: str
    job: Optional[JobState] = None
    notice: str = ""
