"""One job of a Processing run: pixels sent where needed, progress and notices told, results found."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import List, Optional

from qgis.core import QgsProcessingFeedback

from ...backend.protocol.jobs import JobRequest, JobState
from ...backend.protocol.source import Source
from ..backend_texts import translated
from ..client import calls
from ..client.blocking_client import BlockingClient
from ..client.failures import ClientError
from .text import tr


def run_job(backend: BlockingClient, request: JobRequest, feedback: QgsProcessingFeedback) -> Optional[JobState]:
    """Return the job's last state, or None where the user cancelled. Raises ClientError."""
    uploads: List[str] = []
    try:
        if not backend.endpoint.loopback:
            feedback.pushInfo(tr("Sending the files to the backend on {}").format(backend.endpoint.host))
            request = _sent(backend, request, uploads)
        state = backend.run(request, lambda state: _show(state, feedback), feedback.isCanceled)
    except ClientError:
        if feedback.isCanceled():
            return None
        raise
    finally:
        for upload in uploads:
            with suppress(ClientError):
                backend.send(calls.remove_upload(upload))
    _show(state, feedback)
    for notice in state.notices:
        feedback.pushWarning(translated(notice))
    return state


def result_file(backend: BlockingClient, state: JobState, name: str, folder: Path) -> Optional[Path]:
    """Return a result whose name ends so, None where the job left none; `folder` takes what comes from elsewhere."""
    file = next((file for file in state.results if file.name.endswith(name)), None)
    if file is None or backend.endpoint.loopback:
        return None if file is None else Path(file.path)
    return backend.fetch(state.id, file, folder / Path(file.name).name)


def _sent(backend: BlockingClient, request: JobRequest, uploads: List[str]) -> JobRequest:
    """Return the request with its files as uploads, whose ids are added to `uploads` as they are made."""

    def sent(source: Source) -> Source:
        uploads.append(backend.upload(Path(source.path)))
        return replace(source, path="", upload=uploads[-1])

    source = None if request.source is None else sent(request.source)
    return replace(request, source=source, others={name: sent(other) for name, other in request.others.items()})


def _show(state: JobState, feedback: QgsProcessingFeedback) -> None:
    feedback.setProgress(state.progress)
    if state.message:
        feedback.setProgressText(translated(state.message))
