"""The one source whose pixels lie at a backend on another machine: sent once, kept while it is used, then deleted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from ...backend.protocol.problem import Problem
from ..client import calls
from ..client.client import Client, Pending
from ..client.endpoint import Endpoint
from ..client.farewell import send_and_forget

Content = Tuple[str, int, int]


@dataclass(frozen=True)
class _Kept:
    upload: str
    content: Content
    endpoint: Endpoint


class SourceUpload:
    """Holds at most one upload, and beside it those before that jobs still read."""

    def __init__(self) -> None:
        self._kept: Optional[_Kept] = None
        self._lent: List[str] = []
        self._left: Dict[str, _Kept] = {}

    def kept(self, path: str, client: Client) -> str:
        """Return the id of what lies there of `path` as it is now, empty where that is not sent yet."""
        kept = self._kept
        here = kept is not None and kept.endpoint is client.endpoint and kept.content == _content(path)
        return kept.upload if kept is not None and here else ""

    def lend(self, path: str, client: Client) -> str:
        """Return what `kept` does; the upload is not deleted until it is given back as often as it was lent."""
        upload = self.kept(path, client)
        if upload:
            self._lent.append(upload)
        return upload

    def give_back(self, upload: str) -> None:
        """Say that a job no longer reads a lent upload."""
        self._lent.remove(upload)
        if upload in self._left and upload not in self._lent:
            _delete(self._left.pop(upload))

    def send(
        self, path: str, client: Client, done: Callable[[str], None], failed: Callable[[Problem], None]
    ) -> Pending:
        """Send a file in place of the one before; `done` gets the upload's id."""
        self.release()
        content = _content(path)

        def sent(upload: str) -> None:
            if content is not None:
                self._kept = _Kept(upload, content, client.endpoint)
            done(upload)

        return client.upload(Path(path), sent, failed, lambda _done, _total: None)

    def forget(self) -> None:
        """Let go of an upload that the backend no longer has."""
        self._kept = None

    def release(self, but: str = "") -> None:
        """Have the upload deleted as soon as no job reads it, unless it is of the path `but`."""
        kept = self._kept
        if kept is None or kept.content[0] == but:
            return
        self._kept = None
        if kept.upload in self._lent:
            self._left[kept.upload] = kept
        else:
            _delete(kept)


def _delete(kept: _Kept) -> None:
    send_and_forget(kept.endpoint, [calls.remove_upload(kept.upload)])


def _content(path: str) -> Optional[Content]:
    """Return what tells a file's content apart from an earlier one's, None where it is gone."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return path, found.st_mtime_ns, found.st_size
