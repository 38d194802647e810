"""The dialogs that ask for files of embeddings and of classifiers."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QFileDialog, QWidget


def ask_embeddings(parent: QWidget) -> Optional[Path]:
    """Return the file of embeddings the person chose."""
    translate = QCoreApplication.translate
    path, _ = QFileDialog.getOpenFileName(
        parent,
        translate("EmbeddingFiles", "Open embeddings"),
        "",
        translate("EmbeddingFiles", "Embeddings") + " (*.tif *.tiff *.npy *.parquet *.geoparquet)",
    )
    return Path(path) if path else None


def ask_classifier_to_save(parent: QWidget) -> Optional[Path]:
    """Return where the classifier is to be kept."""
    title = QCoreApplication.translate("EmbeddingFiles", "Save the classifier")
    path, _ = QFileDialog.getSaveFileName(parent, title, "classifier.json", "JSON (*.json)")
    return Path(path).with_suffix(".json") if path else None


def ask_classifier(parent: QWidget) -> Optional[Path]:
    """Return the saved classifier the person chose."""
    title = QCoreApplication.translate("EmbeddingFiles", "Apply a saved classifier")
    path, _ = QFileDialog.getOpenFileName(parent, title, "", "JSON (*.json)")
    return Path(path) if path else None
