"""Downloading, importing and removing weights, from the picker and from the Models page."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from .. import credentials
from ..state.catalog import Catalog
from . import labels
from .licences import licence_warning


class ModelActions(QObject):
    """Asks before anything is downloaded: what, how big, under which licence, from where."""

    def __init__(self, catalog: Catalog, window: QWidget, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._catalog, self._window = catalog, window

    def download(self, model_id: str) -> None:
        """Ask, then download."""
        model = self._catalog.model(model_id)
        if model is None:
            return
        question = self.tr("Download {title} ({size}, licence: {licence}) from the Hugging Face hub?").format(
            title=model.title, size=labels.file_size(model.size), licence=labels.text(model.licence)
        )
        question = " ".join(part for part in (licence_warning(model), question) if part)
        if QMessageBox.question(self._window, "Toposcope", question) != QMessageBox.StandardButton.Yes:
            return
        token = credentials.read(credentials.HUB) if model.gated else ""
        if model.gated and not token:
            token = self.ask_token()
        if token or not model.gated:
            self._catalog.download(model_id, token)

    def import_file(self, model_id: str) -> None:
        """Ask for a file or folder beside the backend, then import it."""
        if not self._may_import(model_id):
            return
        title = self.tr("Weights of {model}: choose the .safetensors or .onnx file; config.json beside it comes along")
        filters = self.tr("Weights (*.safetensors *.onnx)")
        path, _ = QFileDialog.getOpenFileName(self._window, title.format(model=model_id), "", filters)
        if path:
            self._catalog.import_model(model_id, path)

    def _may_import(self, model_id: str) -> bool:
        """Ask where the licence is unclear."""
        model = self._catalog.model(model_id)
        warning = licence_warning(model) if model is not None else ""
        if not warning:
            return True
        question = " ".join([warning, self.tr("Import it?")])
        return bool(QMessageBox.question(self._window, "Toposcope", question) == QMessageBox.StandardButton.Yes)

    def remove(self, model_id: str) -> None:
        """Ask, then delete the weights."""
        question = self.tr("Delete the weights of {model} from this computer?").format(model=model_id)
        if QMessageBox.question(self._window, "Toposcope", question) == QMessageBox.StandardButton.Yes:
            self._catalog.remove(model_id)

    def ask_token(self) -> str:
        """Ask for the hub token and keep it in QGIS's authentication database."""
        label = self.tr("Your Hugging Face token. It is kept, encrypted, in QGIS's authentication database.")
        token, accepted = QInputDialog.getText(self._window, "Toposcope", label, QLineEdit.EchoMode.Password)
        token = token.strip()
        if accepted and not credentials.write(credentials.HUB, token):
            warning = self.tr("QGIS's authentication database did not take the token: it serves now, but is not kept.")
            QMessageBox.warning(self._window, "Toposcope", warning)
        return token if accepted else ""
