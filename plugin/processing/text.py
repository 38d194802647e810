"""Translation for this folder."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translate a text of a Processing algorithm."""
    return QCoreApplication.translate("Processing", text)
