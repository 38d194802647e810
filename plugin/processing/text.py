"""Translation for this folder."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translate a text; `@default` is where Qt's tools file what stands in a bare `tr()`."""
    return QCoreApplication.translate("@default", text)
