"""The backend's state in one line."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from ..state.connection import Connection, State
from . import labels


def status_text(connection: Connection) -> str:
    """Return what the dock's status line says."""
    translate = QCoreApplication.translate
    if connection.state is State.READY and connection.capabilities is not None:
        device = connection.capabilities.device
        text = (
            f"CPU · {device.name}"
            if device.kind == "cpu"
            else f"{device.name} · {labels.file_size(device.memory)} · {device.dtype}"
        )
        return f"{text}\n{labels.text(device.notice)}" if device.notice else text
    if connection.error is not None:
        return f"{connection.error.sentence} {connection.error.action}".strip()
    return {
        State.NOT_INSTALLED: translate("Status", "The backend is not installed."),
        State.STOPPED: translate("Status", "The backend is not running."),
        State.STARTING: translate("Status", "Starting the backend…"),
    }.get(connection.state, translate("Status", "The backend does not answer."))
