"""Child processes: a clean environment, output line by line, cancelled within a moment together with their children."""

from __future__ import annotations

import os
import queue
import signal
import subprocess  # nosec B404
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any, Callable, Deque, Dict, Iterator, List, Optional, Tuple

from . import failures
from .errors import InstallCancelled
from .text import translate

UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "GDAL_DATA",
            "GDAL_DRIVER_PATH", "PROJ_LIB", "PROJ_DATA", "QT_PLUGIN_PATH", "VIRTUAL_ENV")  # fmt: skip


def _ignore_progress(_percent: float, _message: str, _size: int) -> None:
    """Take progress and do nothing."""


def _ignore_line(_line: str) -> None:
    """Take a line and do nothing."""


class Feedback:
    """How a long step tells what it does and hears that it should stop.

    Args:
        progress: called with percent, a sentence, and the bytes on disk so far (0 where unknown).
        log: called with each line of output.
    """

    def __init__(
        self,
        progress: Callable[[float, str, int], None] = _ignore_progress,
        log: Callable[[str], None] = _ignore_line,
    ) -> None:
        self.progress = progress
        self.log = log
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the running step to stop; safe from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Return whether `cancel` was called."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise InstallCancelled once `cancel` was called."""
        if self._cancelled.is_set():
            raise InstallCancelled(translate("Server", "Cancelled. Nothing was changed."))


def clean_environment(**extra: str) -> Dict[str, str]:
    """Return this process's environment without what QGIS set for its own Python and GDAL, plus `extra`."""
    kept = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    return {**kept, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", **extra}


def start(command: List[str], env: Dict[str, str], cwd: Optional[Path] = None, **pipes: Any) -> subprocess.Popen[Any]:
    """Start `command` in a process group of its own, with no console window."""
    if sys.platform == "win32":
        pipes["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        pipes["start_new_session"] = True
    # A list of arguments and no shell, here and below: nothing is there to inject into.
    return subprocess.Popen(command, env=env, cwd=cwd, **pipes)  # nosec B603


def kill(process: subprocess.Popen[Any]) -> None:
    """End `process` and its children now."""
    if sys.platform == "win32":
        taskkill = str(Path(os.environ["SYSTEMROOT"], "System32", "taskkill.exe"))
        command = [taskkill, "/PID", str(process.pid), "/T", "/F"]
        subprocess.run(command, check=False, capture_output=True, timeout=10)  # nosec B603
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    process.wait(10)


def capture(command: List[str], timeout: float = 20.0) -> Tuple[int, str]:
    """Run a short question and return its exit status and output; status -1 where it cannot run at all."""
    try:
        process = start(command, clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        return -1, str(error)
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        kill(process)
        return -1, "no answer in time"
    return process.returncode, output.decode("utf-8", "replace").strip()


def run(
    command: List[str],
    feedback: Feedback,
    env: Optional[Dict[str, str]] = None,
    on_line: Callable[[str], None] = _ignore_line,
) -> str:
    """Run a long step, line by line, and return its last lines.

    Raises:
        ServerError: it failed; the sentence comes from the table in `failures`.
        InstallCancelled: the person cancelled; the process and its children are gone.
    """
    feedback.check()
    pipes: Dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        process = start(command, clean_environment() if env is None else env, **pipes)
    except OSError as error:
        raise failures.explain(str(error)) from error
    lines: queue.Queue[Optional[str]] = queue.Queue()
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    last: Deque[str] = deque(maxlen=200)
    try:
        for line in _until_done(lines, feedback):
            last.append(line)
            feedback.log(line)
            on_line(line)
    finally:
        if process.poll() is None:
            _finish(process, feedback.cancelled)
    if process.returncode != 0:
        raise failures.explain("\n".join(last))
    return "\n".join(last)


def _finish(process: subprocess.Popen[Any], cancelled: bool) -> None:
    if cancelled:
        kill(process)
        return
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        kill(process)


def _read(process: subprocess.Popen[Any], lines: queue.Queue[Optional[str]]) -> None:
    for raw in process.stdout:  # type: ignore[union-attr]
        lines.put(raw.decode("utf-8", "replace").rstrip())
    lines.put(None)


def _until_done(lines: queue.Queue[Optional[str]], feedback: Feedback) -> Iterator[str]:
    while True:
        feedback.check()
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line
