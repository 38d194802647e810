"""The one error of this folder: a layer or a place that cannot be used, in one sentence for a person."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


class Refused(ValueError):
    """The layer or place cannot be used; the text says which and what to do."""


def tr(text: str) -> str:
    """Translate a sentence; `@default` is where Qt's tools file what stands in a bare `tr()`."""
    return QCoreApplication.translate("@default", text)
