"""Bodies of the calls that move files: uploads of pixels, weights from the hub or from a folder."""

from __future__ import annotations

from dataclasses import dataclass, field

ENDING_HEADER = "toposcope-ending"
"""How the name of an upload ends, such as `.parquet`: files of some kinds are known by it."""


@dataclass(frozen=True)
class Upload:
    """The answer to `POST /uploads` (body: the bytes of one file). `id` is for `Source.upload`."""

    id: str


@dataclass(frozen=True)
class DownloadRequest:
    """Body of `POST /models/{id}/download`, answered by a `JobState`. `token` opens gated repositories.

    `revision` names a commit where the catalogue pins none. The token is kept in memory only.
    """

    token: str = field(default="", repr=False)
    revision: str = ""


@dataclass(frozen=True)
class ImportRequest:
    """Body of `POST /models/{id}/import`, answered by a `JobState`. `path`: a file or folder beside the backend."""

    path: str
