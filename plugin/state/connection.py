"""The one connection to a backend: started here or reached elsewhere, watched, started again when it breaks."""

from __future__ import annotations

import logging
import threading
import time
from enum import Enum
from typing import Callable, List, Optional

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol import PROTOCOL_VERSION
from ...backend.protocol.capabilities import Capabilities
from ...backend.protocol.problem import Problem
from ..backend_texts import translated
from ..client import calls
from ..client.client import Client, ignore
from ..client.endpoint import Endpoint, parse_endpoint
from ..client.failures import PROTOCOL_MISMATCH, failure
from ..client.http_client import HttpClient
from ..errors import BACKEND_BROKEN, UserError, own_error, user_error
from ..server.launcher import Backend
from ..settings import BACKEND_MODE, REMOTE, Settings
from .background import Background
from .remote import remote_endpoint
from .starting import NOT_INSTALLED_CODES, Launch, launch_installed, start_error

_log = logging.getLogger("toposcope")
PATIENCE_S = 60
"""A backend that breaks this soon after it was started again is left alone."""


class State(Enum):
    """Where the connection stands. `BROKEN`: it stopped by itself, twice in a short time."""

    NOT_INSTALLED = "not installed"
    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    BROKEN = "broken"


class Connection(QObject):
    """Lives on the main thread; only `endpoint` may be called from others.

    `changed` fires when state, error, client or capabilities changed; `notice` carries a sentence to show.
    `remote_token` is asked for the token of a backend on another machine when it is needed.
    """

    changed = pyqtSignal()
    notice = pyqtSignal(str)
    _exited = pyqtSignal(int, int, object)

    def __init__(
        self,
        settings: Settings,
        remote_token: Callable[[], str],
        launch: Launch = launch_installed,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self.state = State.STOPPED
        self.error: Optional[UserError] = None
        self.client: Optional[Client] = None
        self.capabilities: Optional[Capabilities] = None
        self._settings, self._remote_token, self._launch = settings, remote_token, launch
        self._backend: Optional[Backend] = None
        self._attempt = 0
        self._restarted = float("-inf")
        self._interrupted = False
        self._lock = threading.Lock()
        self._endpoint: Optional[Endpoint] = None
        self._exited.connect(self._on_exited)

    @property
    def ready(self) -> bool:
        """Return whether calls can be sent."""
        return self.state is State.READY

    def endpoint(self) -> Optional[Endpoint]:
        """Return where the backend answers, None while it does not. Any thread may ask."""
        with self._lock:
            return self._endpoint

    def start(self) -> None:
        """Start or reach the backend the settings name; nothing where that is done or under way."""
        if self.state in (State.STARTING, State.READY):
            return
        self._restarted = float("-inf")
        self._start()

    def stop(self, then: Callable[[object], None] = ignore) -> None:
        """Let go of the backend; one that was started here ends. `then` is called when it is gone."""
        self._set(State.STOPPED)
        self._let_go(then)

    def restart(self) -> None:
        """Stop, wait for the old process to be gone, start."""
        self._set(State.STARTING)
        attempt = self._attempt + 1
        self._let_go(lambda _: self._start() if attempt == self._attempt else None)

    def refresh(self) -> None:
        """Ask again what the backend can do, for example after a model was installed."""
        if self.client is not None and self.ready:
            self.client.send(calls.capabilities(), self._on_capabilities, ignore)

    def _start(self) -> None:
        self._attempt += 1
        try:
            if self._settings.get(BACKEND_MODE) == REMOTE:
                self._connect(remote_endpoint(self._settings, self._remote_token()))
            else:
                self._start_process(self._attempt)
        except Exception as error:
            self._fail(start_error(error))

    def _start_process(self, attempt: int) -> None:
        self._set(State.STARTING)
        Background(
            lambda: self._launch(lambda status, lines: self._exited.emit(attempt, status, lines)),
            lambda backend: self._on_started(backend, attempt),
            lambda error: self._on_not_started(error, attempt),
            self,
        )

    def _on_started(self, backend: Backend, attempt: int) -> None:
        if attempt != self._attempt:
            Background(backend.stop, ignore, ignore, self)
            return
        self._backend = backend
        self._connect(parse_endpoint(backend.url, backend.token))

    def _on_not_started(self, error: Exception, attempt: int) -> None:
        if attempt == self._attempt:
            self._fail(start_error(error))

    def _connect(self, endpoint: Endpoint) -> None:
        self._interrupted = False
        self.client = HttpClient(endpoint, self)
        self.client.streaming.connect(self._on_streaming)
        self._set(State.STARTING)
        self.client.send(calls.capabilities(), self._on_capabilities, self._on_refused)

    def _on_capabilities(self, capabilities: Capabilities) -> None:
        if capabilities.protocol != PROTOCOL_VERSION:
            versions = f"The plugin speaks version {PROTOCOL_VERSION}, the backend version {capabilities.protocol}."
            self._on_refused(failure(PROTOCOL_MISMATCH, versions))
            return
        first = not self.ready
        self.capabilities = capabilities
        self._set(State.READY)
        if first and self.client is not None:
            self.client.listen()
            if capabilities.device.notice:
                self.notice.emit(translated(capabilities.device.notice))

    def _on_refused(self, problem: Problem) -> None:
        self._let_go(ignore)
        self._fail(user_error(problem))

    def _on_streaming(self, up: bool) -> None:
        """A local backend's end is told by its process; for one elsewhere the events are the only sign."""
        if self._backend is not None:
            return
        if not up:
            self._interrupted = True
            self.notice.emit(self.tr("The connection to the backend is interrupted. Trying again…"))
        elif self._interrupted:
            self._interrupted = False
            self.notice.emit(self.tr("The backend answers again."))
            self.refresh()

    def _on_exited(self, attempt: int, status: int, lines: List[str]) -> None:
        if attempt != self._attempt or self._backend is None:
            return
        _log.warning("The backend stopped with status %s:\n%s", status, "\n".join(lines))
        self._let_go(ignore)
        if time.monotonic() - self._restarted < PATIENCE_S:
            self._set(State.BROKEN, own_error(BACKEND_BROKEN))
            return
        self._restarted = time.monotonic()
        self._set(State.STARTING)
        self.notice.emit(self.tr("The backend stopped unexpectedly and is being started again. Your prompts are kept."))
        self._start()

    def _let_go(self, then: Callable[[object], None]) -> None:
        self._attempt += 1
        client, self.client = self.client, None
        backend, self._backend = self._backend, None
        self.capabilities = None
        if client is not None:
            client.close()
            client.deleteLater()
        if backend is not None:
            Background(backend.stop, then, then, self)
        else:
            then(None)

    def _fail(self, error: UserError) -> None:
        self._set(State.NOT_INSTALLED if error.code in NOT_INSTALLED_CODES else State.FAILED, error)

    def _set(self, state: State, error: Optional[UserError] = None) -> None:
        self.state, self.error = state, error
        with self._lock:
            self._endpoint = self.client.endpoint if state is State.READY and self.client else None
        self.changed.emit()
