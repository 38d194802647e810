"""The first part of the Embeddings page: which image, with which model, in what form, into which folder."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import Parameter
from .accessible import add_named_row
from .area_picker import CANVAS, LAYER, POLYGONS, RECTANGLE, AreaPicker
from .folder_field import FolderField
from .job_row import JobRow
from .model_picker import ModelPicker
from .parameter_form import KINDS, ParameterForm
from .source_options import SourceOptions

KIND, CHIPS = "kind", "chips"
FIRST = (KIND, "block", "size", "stride")
"""Parameters that stand beside the model; the others are folded away below."""
OF_CHIPS, OF_BLOCKS = ("size", "stride"), ("block", "dtype")
"""Parameters that mean something for one kind of result only."""


class EmbeddingsCompute(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    source_changed = pyqtSignal(object)
    parameters_changed = pyqtSignal()
    folder_changed = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.source = QgsMapLayerComboBox()
        self.source.setObjectName("embedSource")
        self.source.setFilters(QgsMapLayerProxyModel.RasterLayer)
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model = ModelPicker()
        whole, view = (self.tr("The whole image"), LAYER), (self.tr("What the map shows"), CANVAS)
        rectangle, polygons = (self.tr("A rectangle"), RECTANGLE), (self.tr("Selected polygons"), POLYGONS)
        self.area = AreaPicker("embedArea", (whole, view, rectangle, polygons))
        self.options = SourceOptions()
        self.job = JobRow("embed", self.tr("Compute embeddings"))
        self._phrases = QLabel()
        self._phrases.setObjectName("embedPhrases")
        self._phrases.setWordWrap(True)
        self._folder = FolderField("embedFolder")
        self._bands = QLineEdit()
        self._bands.setObjectName("embedBands")
        self._bands.setPlaceholderText(self.tr("as the file says"))
        self._bands.setToolTip(
            self.tr("Names of the image's bands in their order, such as B02;B03;B04, for models of many bands.")
        )
        self._first, self._others = ParameterForm(), ParameterForm()
        self._build()
        self.source.layerChanged.connect(self.source_changed.emit)
        self._folder.fileChanged.connect(lambda _: self.folder_changed.emit(self.folder()))
        for form in (self._first, self._others):
            form.changed.connect(self._on_changed)

    def values(self) -> Dict[str, Any]:
        """Return the values of all parameters."""
        return {**self._first.values(), **self._others.values(), "bands": self._bands.text().strip()}

    def changes(self) -> Dict[str, Any]:
        """Return the values that are not the default."""
        return {**self._first.changes(), **self._others.changes()}

    def folder(self) -> str:
        """Return the folder that takes the results, empty for Toposcope's own."""
        return self._folder.folder()

    def set_folder(self, folder: str) -> None:
        """Show the remembered folder."""
        self._folder.setFilePath(folder)

    def set_parameters(self, parameters: Iterable[Parameter], values: Dict[str, Any]) -> None:
        """Show the parameters of task and model with these values."""
        shown: List[Parameter] = [one for one in parameters if one.kind in KINDS]
        self._first.set_parameters([one for one in shown if one.name in FIRST], values)
        self._others.set_parameters([one for one in shown if one.name not in FIRST], values)
        self._show_kind()

    def set_phrases(self, understood: bool) -> None:
        """Say whether places can be asked for by phrases later."""
        yes = self.tr("Text-aligned: its embeddings of blocks can be searched by phrases.")
        no = self.tr("Not text-aligned: its embeddings are searched by examples only.")
        self._phrases.setText(yes if understood else no)

    def _on_changed(self) -> None:
        self._show_kind()
        self.parameters_changed.emit()

    def _show_kind(self) -> None:
        chips = self.values().get(KIND) == CHIPS
        for form in (self._first, self._others):
            form.show_rows(OF_CHIPS, chips)
            form.show_rows(OF_BLOCKS, not chips)

    def _build(self) -> None:
        form = QFormLayout()
        for label, field in (
            (self.tr("Image"), self.source),
            (self.tr("Area"), self.area),
            (self.tr("Model"), self.model),
        ):
            add_named_row(form, label, field)
        form.addRow("", self._phrases)
        details, folded = QWidget(), QFormLayout()
        add_named_row(folded, self.tr("Band names"), self._bands)
        rows = QVBoxLayout(details)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._others)
        rows.addLayout(folded)
        rows.addWidget(self.options)
        below = QFormLayout()
        add_named_row(below, self.tr("Save in"), self._folder)
        group = QgsCollapsibleGroupBox(self.tr("Form, bands and device"))
        group.setObjectName("embedDetails")
        QVBoxLayout(group).addWidget(details)
        group.setCollapsed(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self._first)
        column.addLayout(below)
        column.addWidget(self.job)
        column.addWidget(group)
