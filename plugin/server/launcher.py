"""Starts the backend process and watches it. Blocking; meant for a worker thread.

The token travels over the child's stdin, which stays open: its end is how the backend knows that we are gone.
The first line of stdout is the handshake. What the child prints besides goes to `launcher.log`; once it serves, it
keeps its own `backend.log`, whose end is read when it leaves unasked.
"""

from __future__ import annotations

import json
import queue
import secrets
import subprocess  # nosec B404
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Deque, List, Optional

from . import failures, paths, process
from .errors import ServerError
from .log_file import LogFile, lines_since, size_of
from .text import translate

PATIENCE = 60.0
"""Seconds until the handshake; a cold disk with a virus scanner takes half of it."""
GRACE = 3.0


@dataclass(frozen=True)
class Handshake:
    """What the backend says once it listens."""

    port: int
    pid: int
    protocol: int
    version: str


class Backend:
    """A running backend. `url` and `token` are what a client needs; `pid` and `protocol` what it announced."""

    def __init__(self, child: subprocess.Popen[bytes], token: str, on_exit: Callable[[int, List[str]], None]) -> None:
        self.token = token
        self.url = ""
        self.pid = child.pid
        self.protocol = 0
        self.version = ""
        self._child = child
        self._on_exit = on_exit
        self._last: Deque[str] = deque(maxlen=50)
        self._log = LogFile(paths.logs_folder() / "launcher.log")
        self._served = paths.logs_folder() / "backend.log"
        self._served_before = size_of(self._served)
        self._first: queue.Queue[Optional[str]] = queue.Queue()
        self._stopping = threading.Event()
        self._announced = threading.Event()
        self._pump = threading.Thread(target=self._read, name="toposcope-backend", daemon=True)
        self._pump.start()

    def poll(self) -> Optional[int]:
        """Return the exit status, or None while it runs."""
        return self._child.poll()

    def last_lines(self) -> List[str]:
        """Return what it said last: on its pipe, then in its own log since it was started."""
        return [*self._last, *lines_since(self._served, self._served_before)]

    def stop(self) -> None:
        """Ask the backend to leave by closing its pipe; kill it after three seconds."""
        self._stopping.set()
        _close(self._child.stdin)
        try:
            self._child.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill(self._child)
        self._pump.join(GRACE)

    def _greet(self, token: str, patience: float) -> Handshake:
        try:
            self._child.stdin.write(token.encode() + b"\n")  # type: ignore[union-attr]
            self._child.stdin.flush()  # type: ignore[union-attr]
        except OSError:
            return self._give_up()
        try:
            line = self._first.get(timeout=patience)
        except queue.Empty:
            line = None
        return self._give_up() if line is None else self._accept(line)

    def _accept(self, line: str) -> Handshake:
        try:
            facts = json.loads(line)
            greeting = Handshake(int(facts["port"]), int(facts["pid"]), int(facts["protocol"]), str(facts["version"]))
        except (ValueError, KeyError, TypeError):
            self._last.appendleft(line)
            return self._give_up()
        self.url = f"http://127.0.0.1:{greeting.port}"
        self.pid, self.protocol, self.version = greeting.pid, greeting.protocol, greeting.version
        return greeting

    def _give_up(self) -> Handshake:
        self.stop()
        known = failures.explain("\n".join(self.last_lines()))
        if known.code != failures.UNKNOWN[0]:
            raise known
        raise ServerError(
            "backend-silent",
            translate("Server", "The backend did not start."),
            translate("Server", "Its log is {path}. Choose Repair on the Setup page.").format(path=self._log.path),
        )

    def _read(self) -> None:
        first = True
        for raw in self._child.stdout:  # type: ignore[union-attr]
            line = raw.decode("utf-8", "replace").rstrip()
            if first and line.startswith("{"):
                first = False
                self._announced.set()
                self._first.put(line)
                continue
            self._last.append(line)
            self._log.write(line)
        self._first.put(None)
        status = self._child.wait()
        self._log.close()
        if self._announced.is_set() and not self._stopping.is_set():
            self._on_exit(status, self.last_lines())


def _nothing(_status: int, _lines: List[str]) -> None:
    """Take an unexpected exit and do nothing."""


def start(
    python: Path,
    on_exit: Callable[[int, List[str]], None] = _nothing,
    root: Path = paths.ROOT,
    patience: float = PATIENCE,
    **environment: str,
) -> Backend:
    """Start `python -m backend serve` in `root` and return it once it listens.

    Args:
        python: the backend environment's interpreter, from `state.backend_python()`.
        on_exit: called from a thread with status and last lines when the backend leaves without being asked to.
        root: the plugin's root folder.
        patience: seconds to wait for the handshake.
        environment: variables for the child, for example CUDA_VISIBLE_DEVICES.

    Raises:
        ServerError: it did not start; the sentence says why where its output is known.
    """
    command = [str(python), "-s", "-m", "backend", "serve"]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    env = process.clean_environment(**{"TOPOSCOPE_HOME": str(paths.data_folder()), **environment})
    try:
        child = process.start(command, env, root, **pipes)
    except OSError as error:
        raise failures.explain(str(error)) from error
    token = secrets.token_hex(32)
    backend = Backend(child, token, on_exit)
    backend._greet(token, patience)
    return backend


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # the child is gone and took the unread bytes along
        return
