"""One file over HTTP, with the hub client's own session: in small pieces, resumed where it stopped."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from .weights import Progress

RETRIES, PARTIAL, RANGE_BEYOND_END = 5, 206, 416


class Meter:
    """Counts bytes over all files and reports percent and speed."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = max(total, 1)
        self._progress = progress
        self._done = 0
        self._arrived = 0
        self._name = ""
        self._began = time.monotonic()

    def start(self, name: str, there: int) -> None:
        """Begin a file of which `there` bytes are on the disk."""
        self._name = name
        self._done += there
        self.update(0)

    def update(self, count: int) -> None:
        """Count bytes that arrived (negative when the server starts a file over)."""
        self._done += count
        self._arrived += max(count, 0)
        rate = self._arrived / max(time.monotonic() - self._began, 0.1)
        amount = f"{self._done / 1e6:.1f} of {self._total / 1e6:.1f} MB, {rate / 1e6:.1f} MB/s"
        self._progress(min(100.0, 100 * self._done / self._total), f"{self._name}: {amount}")


def fetch_file(path: Path, described: Any, headers: dict[str, str], size: int, meter: Meter) -> None:
    """Append what is missing of a file; one of unknown size (0) is fetched whole. Dropped connections are retaken."""
    if path.exists() and not 0 < path.stat().st_size <= size:
        path.unlink()
    there = path.stat().st_size if path.exists() else 0
    meter.start(path.name, there)
    for retry in range(RETRIES + 1):
        try:
            _append(path, described.location, _for_location(headers, described.location), meter)
        except (OSError, http_error()) as error:
            grown = path.stat().st_size if path.exists() else 0
            if retry == RETRIES or grown == there or getattr(error, "errno", None):
                raise
            there = grown
        else:
            break
    if size and path.stat().st_size != size:
        raise OSError("the file ended early")


def _append(path: Path, url: str, headers: dict[str, str], meter: Meter) -> None:
    """Stream what is missing, in pieces as they arrive, so that a cancel is noticed and nothing that came is lost.

    The hub client's own download keeps nothing when it is interrupted.
    """
    from huggingface_hub import constants, get_session
    from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

    there = path.stat().st_size if path.exists() else 0
    headers = {**headers, "Accept-Encoding": "identity", **({"Range": f"bytes={there}-"} if there else {})}
    patience = constants.HF_HUB_DOWNLOAD_TIMEOUT
    with get_session().stream("GET", url, headers=headers, timeout=patience, follow_redirects=False) as response:
        if response.status_code == RANGE_BEYOND_END:
            return
        hf_raise_for_status(response)
        resumed = response.status_code == PARTIAL
        meter.update(0 if resumed else -there)
        with path.open("ab" if resumed else "wb") as stream:
            for block in response.iter_bytes():
                stream.write(block)
                meter.update(len(block))


def http_error() -> type[Exception]:
    """Return the class that the hub client's network errors have."""
    from huggingface_hub import errors

    return cast(type[Exception], errors.HTTPError)  # type: ignore[attr-defined]


def _for_location(headers: dict[str, str], location: str) -> dict[str, str]:
    """Return the headers without the token unless the file is served by the hub itself."""
    from huggingface_hub import constants

    if urlsplit(location).netloc == urlsplit(constants.ENDPOINT).netloc:
        return dict(headers)
    return {name: value for name, value in headers.items() if name.lower() != "authorization"}
