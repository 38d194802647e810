"""Licences that leave open what may be done with a model: said where it is chosen, got and listed."""

from __future__ import annotations

from typing import Callable, Optional

from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from ...backend.protocol.capabilities import ModelInfo
from ..settings import LICENCES, Settings
from . import labels

UNCLEAR = ("disputed", "unspecific", "unknown")
"""Words with which the catalogue marks such licences."""


def licence_warning(model: ModelInfo) -> str:
    """Return in one sentence that a model's licence is unclear and what to do; nothing where it is clear."""
    if not any(word in model.licence for word in UNCLEAR):
        return ""
    text = QCoreApplication.translate(
        "Licences", "The licence of {model} is unclear ({licence}). Check that you may use it."
    )
    return text.format(model=labels.text(model.title), licence=labels.text(model.licence))


class LicenceNotices(QObject):
    """`notice(str)` carries the warning when such a model is chosen for the first time."""

    notice = pyqtSignal(str)

    def __init__(
        self,
        model_of: Callable[[str], Optional[ModelInfo]],
        settings: Settings,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._model_of, self._settings = model_of, settings

    def tell(self, model_id: str) -> None:
        """Warn of a model that was chosen, once and for all."""
        model, told = self._model_of(model_id), self._settings.get(LICENCES)
        warning = licence_warning(model) if model is not None else ""
        if warning and model_id not in told:
            self._settings.set(LICENCES, [*told, model_id])
            self.notice.emit(warning)
