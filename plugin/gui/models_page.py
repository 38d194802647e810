"""All models: what they are, how big, under which licence; get, verify and remove them."""

from __future__ import annotations

from typing import List, Optional, Tuple

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QLabel,
    QPushButton,
    QStyle,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.capabilities import ModelInfo
from . import labels
from .licences import licence_warning

ID_ROLE = Qt.ItemDataRole.UserRole


class ModelsPage(QWidget):
    """A list with one row a model."""

    download_asked = pyqtSignal(str)
    import_asked = pyqtSignal(str)
    remove_asked = pyqtSignal(str)
    token_asked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._models: Tuple[ModelInfo, ...] = ()
        self._tree = QTreeWidget()
        self._tree.setObjectName("models")
        self._tree.setRootIsDecorated(False)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.setHeaderLabels([self.tr("Model"), self.tr("Size"), self.tr("Licence"), self.tr("State")])
        self._about = QLabel()
        self._about.setObjectName("aboutModel")
        self._about.setWordWrap(True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._download = QPushButton(self.tr("Download…"))
        self._import = QPushButton(self.tr("Import from file…"))
        self._remove = QPushButton(self.tr("Remove"))
        self._token = QPushButton(self.tr("Hub token…"))
        row = QGridLayout()
        row.setSpacing(2)
        for index, button in enumerate((self._download, self._import, self._remove, self._token)):
            row.addWidget(button, index // 2, index % 2)
        column = QVBoxLayout(self)
        column.addWidget(self._tree)
        column.addWidget(self._about)
        column.addLayout(row)
        self._tree.currentItemChanged.connect(self._refresh)
        self._download.clicked.connect(lambda: self.download_asked.emit(self.current_id()))
        self._import.clicked.connect(lambda: self.import_asked.emit(self.current_id()))
        self._remove.clicked.connect(lambda: self.remove_asked.emit(self.current_id()))
        self._token.clicked.connect(self.token_asked)
        self._refresh()

    def set_models(self, models: Tuple[ModelInfo, ...]) -> None:
        """Show these models, keeping the selected row."""
        current = self.current_id()
        self._models = tuple(models)
        self._tree.clear()
        for model in models:
            size = labels.file_size(model.size) if model.size else ""
            licence = labels.text(model.licence)
            item = QTreeWidgetItem([labels.text(model.title), size, licence, self._state(model)])
            if licence_warning(model):
                item.setIcon(2, self.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning))
            item.setToolTip(2, licence_warning(model) or licence)
            item.setData(0, ID_ROLE, model.id)
            item.setToolTip(3, labels.text(model.unavailable))
            self._tree.addTopLevelItem(item)
            if model.id == current:
                self._tree.setCurrentItem(item)
        self._tree.resizeColumnToContents(0)
        self._refresh()

    def current_id(self) -> str:
        """Return the selected model's id, empty when there is none."""
        item = self._tree.currentItem()
        return item.data(0, ID_ROLE) if item else ""

    def _state(self, model: ModelInfo) -> str:
        if model.ships:
            return self.tr("comes with Toposcope")
        if model.installed:
            return self.tr("installed")
        return self.tr("unavailable") if model.unavailable else self.tr("not installed")

    def _refresh(self, *_arguments: object) -> None:
        model = next((m for m in self._models if m.id == self.current_id()), None)
        self._download.setEnabled(bool(model and model.downloadable and not model.installed and not model.unavailable))
        self._import.setEnabled(bool(model and not model.ships))
        self._remove.setEnabled(bool(model and model.installed and not model.ships))
        self._about.setText("\n".join(_facts(model)) if model else "")


def _facts(model: ModelInfo) -> List[str]:
    """Return what is known about a model, first what may keep one from using it."""
    said = (licence_warning(model), labels.text(model.unavailable), labels.text(model.summary))
    facts = (*said, model.paper, model.revision)
    return [fact for fact in facts if fact]
