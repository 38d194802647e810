"""Which files a request may name: a local client what its user can read, a remote one only what it is allowed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from backend.errors import BadInput
from backend.geo.access import checked_path
from backend.geo.atomic import check_target
from backend.protocol import codes
from backend.protocol.jobs import Output
from backend.protocol.source import Source
from backend.server.settings import Settings
from backend.server.uploads import Uploads


class SourcePolicy:
    """Turns sources as they arrive into sources with a path. What lies in the file is judged by `geo.access`."""

    def __init__(self, settings: Settings, uploads: Uploads) -> None:
        self._roots = settings.roots if settings.remote else None
        self._uploads = uploads

    def resolve(self, source: Source) -> Source:
        """Return `source` with the path of its file.

        Raises:
            BadInput: not exactly one of path and upload; as `checked_path`; no such upload.
        """
        if bool(source.path) == bool(source.upload):
            raise BadInput(codes.BAD_REQUEST, "A source needs either a path or an upload, and not both.", status=400)
        path = self._uploads.path(source.upload) if source.upload else checked_path(source.path, self._roots)
        return dataclasses.replace(source, path=str(path), upload="")

    def weights(self, text: str) -> Path:
        """Return the file or folder that weights are imported from. Raises WEIGHTS_REFUSED."""
        if self._roots is not None:
            sentence = "Weights are imported on the backend's own machine; run `models import` there."
            raise BadInput(codes.WEIGHTS_REFUSED, sentence)
        if not Path(text).is_absolute() or not _exists(text):
            raise BadInput(codes.WEIGHTS_REFUSED, "There is no such file or folder of weights; choose it again.")
        return Path(text)

    def check_output(self, output: Output) -> None:
        """Raise OUTPUT_UNWRITABLE unless results may go where `output` says."""
        if not output.path:
            return
        path = Path(output.path)
        if self._roots is not None:
            sentence = "A remote backend writes only into the job's own folder; leave the output path empty."
            raise BadInput(codes.OUTPUT_UNWRITABLE, sentence)
        check_target(path)


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except OSError:  # for example a name longer than the system allows
        return False
