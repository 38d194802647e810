"""Job states, from registration to a final state. Every change is an event, in the order it happened."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import threading
import uuid
from typing import Any

from backend.errors import BadInput, Unavailable
from backend.jobs.events import EventLog
from backend.protocol import codes
from backend.protocol.jobs import ACCEPTED, DISMISSED, FINAL, RUNNING, JobRequest, JobState
from backend.protocol.wire import dump

WAITING_LIMIT = 100
KEPT = 500


def now() -> str:
    """Return the time as it travels: UTC, ISO 8601, whole milliseconds."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JobStore:
    """All jobs of this process. Any thread may call."""

    def __init__(self, events: EventLog, waiting_limit: int = WAITING_LIMIT, kept: int = KEPT) -> None:
        self._events = events
        self._waiting_limit = waiting_limit
        self._kept = kept
        self._lock = threading.RLock()
        self._states: dict[str, JobState] = {}
        self._flags: dict[str, threading.Event] = {}
        self._keys: dict[str, tuple[str, str]] = {}

    def register(self, request: JobRequest, key: str = "") -> tuple[JobState, bool]:
        """Return the new job's state and True, or the job that `key` (if any) already stands for and False.

        Raises:
            BadInput: the key was used for another request (409).
            Unavailable: QUEUE_FULL (429).
        """
        digest = hashlib.sha256(json.dumps(dump(request), sort_keys=True).encode()).hexdigest()
        with self._lock:
            if key in self._keys:
                return self._known(key, digest), False
            self._check_room()
            state = JobState(uuid.uuid4().hex, request.task, ACCEPTED, now(), request.model)
            self._states[state.id] = state
            self._flags[state.id] = threading.Event()
            if key:
                self._keys[key] = digest, state.id
            self._events.publish(state)
            return state, True

    def get(self, job_id: str) -> JobState:
        """Return a job's state.

        Raises:
            BadInput: NOT_FOUND (404).
        """
        with self._lock:
            if job_id not in self._states:
                raise BadInput(codes.NOT_FOUND, "There is no such job; list the jobs for those there are.", status=404)
            return self._states[job_id]

    def all(self) -> tuple[JobState, ...]:
        """Return every job, oldest first."""
        with self._lock:
            return tuple(self._states.values())

    def begin(self, job_id: str) -> bool:
        """Mark a job as running; False where it was dismissed while it waited, and perhaps forgotten since."""
        with self._lock:
            if job_id not in self._states or self._states[job_id].status in FINAL:
                return False
            self.change(job_id, status=RUNNING, started=now())
            return True

    def change(self, job_id: str, **fields: Any) -> JobState:
        """Replace fields of a job that is not final, and publish; a final job stays as it is."""
        with self._lock:
            state = self.get(job_id)
            if state.status in FINAL:
                return state
            state = self._states[job_id] = dataclasses.replace(state, **fields)
            self._events.publish(state)
            if state.status in FINAL:
                self._prune()
            return state

    def cancelled(self, job_id: str) -> threading.Event:
        """Return the flag that is set once the job is to stop."""
        return self._flags[job_id]

    def dismiss(self, job_id: str) -> JobState:
        """Ask a job to stop: one that waits is dismissed at once, one that runs at its next step."""
        with self._lock:
            state = self.get(job_id)
            if state.status in FINAL:
                return state
            self._flags[job_id].set()
            if state.status == ACCEPTED:
                return self.change(job_id, status=DISMISSED, finished=now(), message="Cancelled")
            return self.change(job_id, message="Cancelling", remaining_s=None)

    def dismiss_all(self) -> None:
        """Ask every job to stop, for the end of the process."""
        for state in self.all():
            self.dismiss(state.id)

    def _known(self, key: str, digest: str) -> JobState:
        known, job_id = self._keys[key]
        if known != digest:
            sentence = "This idempotency key belongs to a different request; use a new key for a new job."
            raise BadInput(codes.BAD_REQUEST, sentence, status=409)
        return self._states[job_id]

    def _check_room(self) -> None:
        if sum(state.status not in FINAL for state in self._states.values()) >= self._waiting_limit:
            sentence = f"{self._waiting_limit} jobs wait already; cancel some or wait until they are done."
            raise Unavailable(codes.QUEUE_FULL, sentence, status=429)

    def _prune(self) -> None:
        final = [state.id for state in self._states.values() if state.status in FINAL]
        for job_id in final[: max(0, len(final) - self._kept)]:
            del self._states[job_id], self._flags[job_id]
            self._keys = {key: entry for key, entry in self._keys.items() if entry[1] != job_id}
