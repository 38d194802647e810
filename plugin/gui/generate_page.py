"""The Generate page: from what, where, how much finer; and what comes of it before it is begun."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional

from qgis.core import QgsMapLayerProxyModel, QgsRasterLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import Parameter
from .accessible import add_named_row
from .area_picker import CANVAS, LAYER, OUTLINE, POLYGONS, RECTANGLE, AreaPicker
from .job_row import JobRow
from .model_picker import ModelPicker
from .parameter_form import KINDS, ParameterForm
from .seed_field import SeedField
from .source_options import SourceOptions

SCALE, SEED, STEPS, BASE = "scale", "seed", "steps", "base"
TILES, NO_TILES = "tiles", "none"
FIRST = (SCALE, STEPS)
"""Parameters that stand above; the others are folded away below. Seed and base have controls of their own."""


class GeneratePage(QWidget):
    """Widgets and signals; what they mean is decided elsewhere. `changed`: something else would come of it now."""

    changed = pyqtSignal()
    parameters_changed = pyqtSignal()
    preview_asked = pyqtSignal()
    compare_toggled = pyqtSignal(bool)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._source = QgsMapLayerComboBox()
        self._source.setObjectName("generateSource")
        self._source.setFilters(QgsMapLayerProxyModel.RasterLayer)
        self._source.setAdditionalItems([self.tr("Blue Marble (anywhere on earth)")])
        self._source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        view, rectangle = (self.tr("What the map shows"), CANVAS), (self.tr("A rectangle"), RECTANGLE)
        outline, polygons = (self.tr("An area drawn around"), OUTLINE), (self.tr("Selected polygons"), POLYGONS)
        whole = (self.tr("The whole image"), LAYER)
        self.area = AreaPicker("generateArea", (view, rectangle, outline, polygons, whole))
        self.seed = SeedField("generateSeed")
        self.model = ModelPicker()
        self.options = SourceOptions()
        self.bar = JobRow("generate", self.tr("Generate"))
        self._first, self._others = ParameterForm(), ParameterForm()
        self._region = QLabel()
        self._region.setObjectName("generateRegion")
        self._region.setWordWrap(True)
        self._output = QgsFileWidget()
        self._output.setObjectName("generateOutput")
        self._output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self._output.setFilter("GeoTIFF (*.tif)")
        self._output.lineEdit().setPlaceholderText(self.tr("Toposcope's results folder"))
        self._preview = QPushButton(self.tr("Preview the centre of the map"))
        self._preview.setObjectName("generatePreview")
        self._preview.setToolTip(self.tr("A small part in seconds; the whole will have the same pixels there."))
        self._compare = QPushButton(self.tr("Compare with the source"))
        self._compare.setObjectName("generateCompare")
        self._compare.setToolTip(self.tr("A line on the map that can be dragged: the source on its left."))
        self._compare.setCheckable(True)
        self._build()
        self._connect()
        self.set_comparable(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell anew what would come of it: while the page was hidden nobody did."""
        super().showEvent(event)
        self.changed.emit()

    def layer(self) -> Optional[QgsRasterLayer]:
        """Return the image, None for the earth."""
        return self._source.currentLayer()

    def set_layer(self, layer: Optional[QgsRasterLayer]) -> None:
        """Choose an image as a person would, None for the earth."""
        if layer is None:
            self._source.setCurrentIndex(self._source.count() - 1)
        else:
            self._source.setLayer(layer)

    def values(self) -> Dict[str, Any]:
        """Return the values of the task's and the model's parameters."""
        return {**self._first.values(), **self._others.values(), SEED: self.seed.value()}

    def changes(self) -> Dict[str, Any]:
        """Return those that are not the default; a seed belongs to one picture and is not remembered."""
        return {**self._first.changes(), **self._others.changes()}

    def set_parameters(self, parameters: Iterable[Parameter], values: Dict[str, Any]) -> None:
        """Show the parameters of task and model with these values."""
        shown: List[Parameter] = [one for one in parameters if one.kind in KINDS and one.name not in (SEED, BASE)]
        self._first.set_parameters([one for one in shown if one.name in FIRST], values)
        self._others.set_parameters([one for one in shown if one.name not in FIRST], values)

    def output(self) -> str:
        """Return the file that takes the result, empty for Toposcope's own folder."""
        path = self._output.filePath().strip()
        return path if not path or path.lower().endswith((".tif", ".tiff")) else f"{path}.tif"

    def set_output(self, path: str) -> None:
        """Name the file that takes the result."""
        self._output.setFilePath(path)

    def set_region(self, text: str) -> None:
        """Say what would come of it."""
        self._region.setText(text)

    def set_busy(self, busy: bool) -> None:
        """Offer a preview, or not while something is under way."""
        self._preview.setEnabled(not busy and self.bar.ready)

    def set_comparable(self, comparable: bool) -> None:
        """Offer to compare once there is something."""
        self._compare.setEnabled(comparable)

    def set_comparing(self, on: bool) -> None:
        """Show whether the line is on the map."""
        self._compare.setChecked(on)

    def agrees(self, question: str) -> bool:
        """Ask the person."""
        return bool(QMessageBox.question(self, "Toposcope", question) == QMessageBox.StandardButton.Yes)

    def _connect(self) -> None:
        self._source.currentIndexChanged.connect(lambda _: self._on_source())
        self._preview.clicked.connect(lambda _: self.preview_asked.emit())
        self._compare.toggled.connect(self.compare_toggled)
        for form in (self._first, self._others):
            form.changed.connect(self.parameters_changed)
            form.changed.connect(self.changed)
        self.area.changed.connect(self.changed)

    def _on_source(self) -> None:
        self.options.set_layer(self.layer())
        self.changed.emit()

    def _build(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for label, field in (
            (self.tr("From"), self._source),
            (self.tr("Area"), self.area),
            (self.tr("Model"), self.model),
        ):
            add_named_row(form, label, field)
        below = QFormLayout()
        below.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        add_named_row(below, self.tr("Seed"), self.seed)
        add_named_row(below, self.tr("Save as"), self._output)
        group = QgsCollapsibleGroupBox(self.tr("Sampling, tiles, bands and device"))
        group.setObjectName("generateDetails")
        inside = QVBoxLayout(group)
        inside.addWidget(self._others)
        inside.addWidget(self.options)
        group.setCollapsed(True)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._first)
        column.addLayout(below)
        for widget in (self._region, self._preview, self.bar, self._compare, group):
            column.addWidget(widget)
        column.addStretch(1)
