"""Text for stable ids that come from the backend: parameter labels, choices, speeds, job statuses."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def text(identifier: str) -> str:
    """Return the translated text of a label the backend sends, or the label itself when it is not known here."""
    return _table().get(identifier) or QCoreApplication.translate("Labels", identifier)


def _table() -> dict:
    tr = QCoreApplication.translate
    return {
        "exact": tr("Labels", "Pixel-exact"),
        "smooth": tr("Labels", "Smooth"),
        "orthogonal": tr("Labels", "Right angles (buildings)"),
        "rectangle": tr("Labels", "Rectangle"),
        "circle": tr("Labels", "Circle (tanks)"),
        "fast": tr("Labels", "fast on a CPU"),
        "medium": tr("Labels", "a few seconds on a CPU"),
        "slow": tr("Labels", "slow on a CPU, wants a GPU"),
        "accepted": tr("Labels", "Waiting"),
        "running": tr("Labels", "Running"),
        "successful": tr("Labels", "Done"),
        "failed": tr("Labels", "Failed"),
        "dismissed": tr("Labels", "Cancelled"),
        "segment": tr("Labels", "Segment"),
        "download": tr("Labels", "Download"),
        "import": tr("Labels", "Import"),
    }


def file_size(size: int) -> str:
    """Return bytes as `12 MB`."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def area(square_metres: float) -> str:
    """Return an area in the unit a person would use."""
    if square_metres >= 1_000_000:
        return f"{square_metres / 1_000_000:.2f} km²"
    if square_metres >= 20_000:
        return f"{square_metres / 10_000:.2f} ha"
    return f"{square_metres:.1f} m²"
