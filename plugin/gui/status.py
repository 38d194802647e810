"""The backend's state in one line."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from ..state.connection import Connection, State
from .labels import file_size


def status_text(connection: Connection) -> str:
    """Return what the dock's status line says."""
    tr = QCoreApplication.translate
    if connection.state is State.READY and connection.capabilities is not None:
        device = connection.capabilities.device
        text = (
            f"CPU · {device.name}"
            if device.kind == "cpu"
            else f"{device.name} · {file_size(device.memory)} · {device.dtype}"
        )
        return f"{text}\n{device.notice}" if device.notice else text
    if connection.error is not None:
        return f"{connection.error.sentence} {connection.error.action}".strip()
    return {
        State.NOT_INSTALLED: tr("Status", "The backend is not installed."),
        State.STOPPED: tr("Status", "The backend is not running."),
        State.STARTING: tr("Status", "Starting the backend…"),
    }.get(connection.state, tr("Status", "The backend does not answer."))
