"""The same calls for worker threads without an event loop (Processing), over the standard library."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import ssl
import time
from pathlib import Path
from typing import IO, Any, Callable, Mapping, Tuple, TypeVar, Union
from uuid import uuid4

from ...backend.protocol import codes
from ...backend.protocol.jobs import FINAL, SUCCESSFUL, JobRequest, JobState, ResultFile
from ...backend.protocol.problem import Problem
from . import calls
from .calls import Call
from .endpoint import Endpoint
from .failures import (
    ANSWER_UNREADABLE,
    CONNECTION_LOST,
    CONNECTION_REFUSED,
    CONNECTION_TIMEOUT,
    FILE_UNREADABLE,
    TLS_FAILED,
    ClientError,
    failure,
)
from .part_file import part_file

T = TypeVar("T")
Body = Union[bytes, IO[bytes]]
POLL_S = 0.2
CHUNK = 1 << 20


class BlockingClient:
    """One connection a call; may be used by any thread. Every failure is a `ClientError`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def send(self, call: Call[T]) -> T:
        """Send a call and wait for its answer."""
        body: Body = call.body
        headers = {**call.headers, **({"Content-Type": "application/json"} if body else {})}
        return self._exchange(call, body, headers, lambda status, answer: calls.read(call, status, answer.read()))

    def run(self, request: JobRequest, progress: Callable[[JobState], None], cancelled: Callable[[], bool]) -> JobState:
        """Run a job to its end and return its last state.

        Raises:
            ClientError: the job failed, or was dismissed (code `cancelled`) here or elsewhere.
        """
        state = self.send(calls.submit(request, uuid4().hex))
        asked = False
        while state.status not in FINAL:
            progress(state)
            if cancelled() and not asked:
                self.send(calls.dismiss(state.id))
                asked = True
            time.sleep(POLL_S)
            state = self.send(calls.job(state.id))
        if state.status != SUCCESSFUL:
            raise ClientError(state.problem or Problem(codes.CANCELLED, "The job was cancelled.", 409))
        return state

    def upload(self, path: Path) -> str:
        """Send a file's bytes and return the id for `Source.upload`."""
        call = calls.upload(path.name)
        try:
            file = path.open("rb")
        except OSError as error:
            raise ClientError(failure(FILE_UNREADABLE, f"{path.name} cannot be read: {error.strerror}.")) from error
        with file:
            headers = {**call.headers, "Content-Length": str(os.fstat(file.fileno()).st_size)}
            return self._exchange(
                call, file, headers, lambda status, answer: calls.read(call, status, answer.read()).id
            )

    def fetch(self, job_id: str, file: ResultFile, target: Path) -> Path:
        """Bring a result file here; `target` appears whole or not at all."""
        call = calls.result_file(job_id, file.name)
        return self._exchange(call, b"", call.headers, lambda status, answer: _save(status, answer, file, target))

    def _exchange(
        self,
        call: Call[Any],
        body: Body,
        headers: Mapping[str, str],
        finish: Callable[[int, http.client.HTTPResponse], T],
    ) -> T:
        connection = self._connection(call.timeout_s)
        headers = {**headers, "Authorization": f"Bearer {self.endpoint.token}", "Connection": "close"}
        try:
            connection.request(call.method, call.path, body or None, headers)
            answer = connection.getresponse()
            return finish(answer.status, answer)
        except (OSError, http.client.HTTPException) as error:
            raise ClientError(failure(*_transport(error))) from error
        finally:
            connection.close()

    def _connection(self, timeout_s: int) -> http.client.HTTPConnection:
        host, port = self.endpoint.host, self.endpoint.port
        if self.endpoint.secure:
            trust = ssl.create_default_context(cadata=self.endpoint.authority or None)
            return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=trust)
        return http.client.HTTPConnection(host, port, timeout=timeout_s)


def _save(status: int, answer: http.client.HTTPResponse, file: ResultFile, target: Path) -> Path:
    if status != 200:
        raise ClientError(calls.read_problem(status, answer.read()))
    digest = hashlib.sha256()
    with part_file(target) as part:
        while chunk := answer.read(CHUNK):
            digest.update(chunk)
            part.write(chunk)
        if digest.hexdigest() != file.sha256:
            detail = f"{file.name} arrived damaged: its sha256 is not the announced one."
            raise ClientError(failure(ANSWER_UNREADABLE, detail))
    return target


def _transport(error: Exception) -> Tuple[str, str]:
    if isinstance(error, ssl.SSLError):
        return TLS_FAILED, f"The backend's certificate was not accepted. ({error})"
    if isinstance(error, ConnectionRefusedError):
        return CONNECTION_REFUSED, "Nothing answers at the backend's address."
    if isinstance(error, socket.timeout):
        return CONNECTION_TIMEOUT, "The backend did not answer in time."
    return CONNECTION_LOST, f"The connection to the backend was lost. ({type(error).__name__})"
