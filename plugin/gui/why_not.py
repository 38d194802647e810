"""Why a page's job cannot be started now."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from ..state.backend import Backend
from ..state.connection import State
from .model_picker import ModelPicker


def why_not(backend: Backend, task: str, picker: ModelPicker, start: str, lacks: str) -> str:
    """Return a sentence, empty where nothing stands in the way.

    Args:
        backend: what would do it.
        task: id of the task.
        picker: where the model is chosen.
        start: what is said where no backend runs.
        lacks: what is said where the backend does not know the task.
    """
    connection = backend.connection
    if connection.state is not State.READY:
        return start
    tasks = connection.capabilities.tasks if connection.capabilities else ()
    if not any(one.id == task for one in tasks):
        return lacks
    model = picker.model()
    if model is None or not model.installed:
        return QCoreApplication.translate("WhyNot", "This model is not installed. Download it or choose another one.")
    return ""
