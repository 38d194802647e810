"""Files sent as bytes, for a backend on another machine. They live until deleted or the server ends."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

from backend.errors import BadInput, Unavailable
from backend.jobs.held_folder import hold
from backend.protocol import codes
from backend.server.problems import bad_request

RESERVE = 256 << 20
CHECK_EVERY = 64 << 20
ENDING = r"(\.[a-z0-9]{1,12})?"


class Uploads:
    """A folder with a file an upload, named by an id the server chose and the ending its own name has.

    It is held, so that a later server can sweep it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: int | None = None
        self._paths: dict[str, Path] = {}

    async def receive(self, chunks: AsyncIterator[bytes], expected: int, ending: str = "") -> str:
        """Stream `chunks` to disk and return the upload's id. What fails leaves nothing behind.

        `ending` of a file's name, such as `.parquet`, says of what kind it is.

        Raises:
            BadInput: it is empty or shorter than `expected` (0: unknown), or `ending` is none.
            Unavailable: DISK_FULL.
        """
        if not re.fullmatch(ENDING, ending):
            raise bad_request("The ending of an upload's name is a dot and up to twelve letters or digits.")
        if self._held is None:
            self._held = hold(self._folder)
        self._check_space(expected)
        upload_id = uuid.uuid4().hex
        part = self._folder / f"{upload_id}.part"
        try:
            size = await self._write(part, chunks)
            if size == 0 or (expected and size != expected):
                raise bad_request("The upload is empty or was cut short; send it again.")
            self._paths[upload_id] = part.replace(self._folder / f"{upload_id}{ending}")
        finally:
            part.unlink(missing_ok=True)
        return upload_id

    def path(self, upload_id: str) -> Path:
        """Return the file of an upload.

        Raises:
            BadInput: SOURCE_MISSING (404).
        """
        if upload_id not in self._paths:
            raise BadInput(codes.SOURCE_MISSING, "There is no such upload; send the image again.", status=404)
        return self._paths[upload_id]

    def remove(self, upload_id: str) -> None:
        """Delete an upload."""
        self.path(upload_id).unlink()
        del self._paths[upload_id]

    def clear(self) -> None:
        """Delete all uploads of this server."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self._paths.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _write(self, path: Path, chunks: AsyncIterator[bytes]) -> int:
        size = checked = 0
        with path.open("xb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size - checked >= CHECK_EVERY:
                    self._check_space(0)
                    checked = size
                await asyncio.to_thread(file.write, chunk)
        return size

    def _check_space(self, wanted: int) -> None:
        if shutil.disk_usage(self._folder).free < wanted + RESERVE:
            sentence = "The backend's disk has no room for this image; free some space there and try again."
            raise Unavailable(codes.DISK_FULL, sentence, status=507)
