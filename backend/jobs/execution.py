"""One job from accepted to a final state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from backend.errors import Cancelled, ToposcopeError
from backend.geo.atomic import FULL
from backend.jobs import results, run_folder
from backend.jobs.step import Step
from backend.jobs.store import JobStore, now
from backend.protocol import codes
from backend.protocol.jobs import DISMISSED, FAILED, SUCCESSFUL, Partial
from backend.protocol.problem import Problem

Run = Callable[[Path, Step], Iterable[Path]]
"""Takes the job's folder and its step; returns the result files, inside the folder or where the user wanted them."""

log = logging.getLogger(__name__)


def execute(store: JobStore, job_id: str, root: Path, run: Run, give_way: Callable[[], None]) -> None:
    """Run a job on the calling thread. Never raises: what goes wrong becomes the job's final state."""
    if not store.begin(job_id):
        return
    try:
        final = _run(store, job_id, root, run, give_way)
    except Cancelled:
        final = {"status": DISMISSED, "message": "Cancelled"}
    except BaseException as error:
        final = {"status": FAILED, "message": "", "problem": problem_of(error)}
    store.change(job_id, finished=now(), remaining_s=None, **final)


def problem_of(error: BaseException) -> Problem:
    """Return what a person is told about `error`; what nobody foresaw goes to the log with its traceback."""
    if isinstance(error, ToposcopeError):
        return error.problem()
    log.error("unexpected error", exc_info=error)
    if isinstance(error, OSError) and error.errno in FULL:
        return Problem(codes.DISK_FULL, "The disk is full; free some space and run the job again.", 507)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":  # torch's, not imported here
        return Problem(codes.OUT_OF_MEMORY, "The machine ran out of memory; close other programs and try again.", 507)
    return Problem(codes.INTERNAL, "Something failed inside the backend; its log has the details.", 500)


def _run(store: JobStore, job_id: str, root: Path, run: Run, give_way: Callable[[], None]) -> dict[str, Any]:
    folder = run_folder.create(root, job_id)

    def report(percent: float, message: str, remaining_s: float | None) -> None:
        store.change(job_id, progress=round(percent, 1), message=message, remaining_s=remaining_s)

    def notify(text: str) -> None:
        store.change(job_id, notices=(*store.get(job_id).notices, text))

    def show(partial: Partial) -> None:
        store.change(job_id, partial=partial)

    step = Step(report, store.cancelled(job_id), give_way, notify, show=show)
    try:
        files = results.describe(run(folder.path, step))
    except BaseException:
        folder.discard()
        raise
    folder.complete()
    return {"status": SUCCESSFUL, "progress": 100.0, "message": "", "results": files, "partial": None}
