"""A result file on its way to this machine: written as it comes, checked, and only then given its name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qgis.PyQt.QtCore import QIODevice, QSaveFile
from qgis.PyQt.QtNetwork import QNetworkReply

from ...backend.protocol.jobs import ResultFile
from .calls import read_problem
from .failures import ANSWER_UNREADABLE, FILE_UNWRITABLE, ClientError, failure
from .requests import status


class Download:
    """Writes a reply's body. `QSaveFile` renames at the end, so that `target` is whole or not there."""

    def __init__(self, reply: QNetworkReply, expected: ResultFile, target: Path) -> None:
        self._reply, self._expected, self._target = reply, expected, target
        self._digest = hashlib.sha256()
        self._file = QSaveFile(str(target), reply)
        self._file.open(QIODevice.OpenModeFlag.WriteOnly)
        reply.readyRead.connect(self._on_bytes)

    def finish(self, answered: int, rest: bytes) -> Path:
        """Return the finished file.

        Raises:
            ClientError: the backend refused, the bytes are not those it announced, or they cannot be written.
        """
        if answered != 200:
            raise ClientError(read_problem(answered, rest))
        self._write(rest)
        if self._digest.hexdigest() != self._expected.sha256:
            detail = f"{self._expected.name} arrived damaged: its sha256 is not the announced one."
            raise ClientError(failure(ANSWER_UNREADABLE, detail))
        if not self._file.commit():
            detail = f"{self._target.name} cannot be written: {self._file.errorString()}."
            raise ClientError(failure(FILE_UNWRITABLE, detail))
        return self._target

    def _on_bytes(self) -> None:
        if status(self._reply) == 200:
            self._write(bytes(self._reply.readAll()))

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)
