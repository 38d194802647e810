"""The folder that takes results; left empty, they stay in Toposcope's own."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QWidget

from ..server.paths import data_folder


class FolderField(QgsFileWidget):
    """A folder picker that explains itself."""

    def __init__(self, name: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.setObjectName(name)
        self.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.setDialogTitle(translate("FolderField", "Folder for the results"))
        self.lineEdit().setPlaceholderText(translate("FolderField", "Toposcope's results folder"))
        self.lineEdit().setShowClearButton(True)
        own = translate("FolderField", "Left empty, results stay in “{folder}”.").format(folder=data_folder() / "runs")
        beside = translate(
            "FolderField",
            "Each result gets a folder of its own here. Choose one beside your project to move both together.",
        )
        self.setToolTip(f"{beside} {own}")

    def folder(self) -> str:
        """Return the folder, empty for Toposcope's own."""
        return self.filePath().strip()
