"""How the process begins and ends: token in, one line out, and the end with stdin.

The parent holds the other end of stdin. Its end of file is the one sign of the parent's death that works on every
system, after a kill too. (Linux' PR_SET_PDEATHSIG is not used: it fires when the parent's *thread* ends.)
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from backend.errors import Unavailable
from backend.protocol import codes

GRACE_S = 1.0
TOKEN_LIMIT = 1024
LOG_LIMIT = 10 << 20


def read_token() -> str:
    """Return the first line of stdin, read byte by byte so that nothing after it is lost."""
    line = b""
    while len(line) < TOKEN_LIMIT and not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            break
        line += byte
    return line.strip().decode("ascii", "replace")


def token_from_environment() -> str | None:
    """Return TOPOSCOPE_TOKEN and remove it, so that no child process and no crash report carries it."""
    return os.environ.pop("TOPOSCOPE_TOKEN", None)


class Announcement:
    """Keeps the real stdout for one line; everything else that is printed goes to the log."""

    def __init__(self, log: Path) -> None:
        sys.stdout.flush()
        self._stdout = os.dup(1)
        self._log = log

    def send(self, message: dict[str, object]) -> None:
        """Write the line, close the real stdout, and send stdout and stderr to the log from now on."""
        os.write(self._stdout, json.dumps(message).encode() + b"\n")
        os.close(self._stdout)
        self._to_log(2)

    def divert_stdout(self) -> None:
        """Send what libraries print to the log, so that the line stays the only one.

        Raises:
            Unavailable: OUTPUT_UNWRITABLE, the log cannot be written.
        """
        try:
            self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._log.exists() and self._log.stat().st_size > LOG_LIMIT:
                with contextlib.suppress(OSError):  # on Windows a log that another server holds stays as it is
                    self._log.replace(self._log.with_suffix(".old.log"))
            self._to_log(1)
        except OSError as error:
            sentence = (
                f"The log {self._log} cannot be written ({error.strerror}); make room or choose another data folder."
            )
            raise Unavailable(codes.OUTPUT_UNWRITABLE, sentence) from error

    def _to_log(self, descriptor: int) -> None:
        file = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, descriptor)
        os.close(file)


def end_with_stdin(done: Callable[[], None]) -> None:
    """Call `done` (cleans up and leaves) at stdin's end of file; leave a moment later where it could not."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        threading.Thread(target=done, daemon=True).start()
        time.sleep(GRACE_S)
        leave()

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def leave(status: int = 0) -> None:
    """End the process at once: native threads may be inside long calls that nothing can interrupt."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:  # a full disk takes no last words
        os._exit(status)
