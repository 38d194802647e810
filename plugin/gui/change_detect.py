"""The Change page's second part: two dates of a place, and how what changed between them is found."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import Parameter
from .area_picker import CANVAS, LAYER, POLYGONS, RECTANGLE, AreaPicker
from .folder_field import FolderField
from .form_rows import FormRows
from .job_row import JobRow
from .model_picker import ModelPicker
from .parameter_form import KINDS, ParameterForm

METHOD, DETECTOR = "method", "detector"
ONLY, CLASSES = "only", "classes"
"""Which change: of buildings only a detector tells. Phrases are for the others: a detector has its own classes."""


class ChangeDetect(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    method_changed = pyqtSignal(str)
    parameters_changed = pyqtSignal()
    folder_changed = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.before, self.after = _layers("detectBefore"), _layers("detectAfter")
        self._method, self._form = ParameterForm(), ParameterForm()
        self._shown = ""
        self.model = ModelPicker()
        self._classes = QLineEdit()
        self._classes.setObjectName("detectClasses")
        self._classes.setPlaceholderText(self.tr("building; road; tree"))
        self._classes.setToolTip(
            self.tr("Phrases that say from what to what a place changed, where the method knows no classes.")
        )
        whole, view = (self.tr("The whole image"), LAYER), (self.tr("What the map shows"), CANVAS)
        rectangle, polygons = (self.tr("A rectangle"), RECTANGLE), (self.tr("Selected polygons"), POLYGONS)
        self.area = AreaPicker("detectArea", (whole, view, rectangle, polygons))
        self._folder = FolderField("detectFolder")
        self.job = JobRow("detect", self.tr("Find what changed"))
        self._build()
        self._folder.fileChanged.connect(lambda _: self.folder_changed.emit(self.folder()))
        self._form.changed.connect(self.parameters_changed)
        self._method.changed.connect(self._on_method)

    def method(self) -> str:
        """Return how changes are found."""
        return str(self._method.values().get(METHOD, ""))

    def values(self) -> Dict[str, Any]:
        """Return the values of all parameters that the method has."""
        values = {**self._method.values(), **self._form.values(), CLASSES: self._classes.text().strip()}
        idle = CLASSES if self.method() == DETECTOR else ONLY
        return {name: value for name, value in values.items() if name != idle}

    def changes(self) -> Dict[str, Any]:
        """Return the values that are not the default."""
        return {**self._method.changes(), **self._form.changes()}

    def folder(self) -> str:
        """Return the folder that takes the results, empty for Toposcope's own."""
        return self._folder.folder()

    def set_folder(self, folder: str) -> None:
        """Show the remembered folder."""
        self._folder.setFilePath(folder)

    def set_dates(self, before: Optional[QgsMapLayer], after: Optional[QgsMapLayer]) -> None:
        """Choose the images of both dates."""
        self.before.setLayer(before)
        self.after.setLayer(after)

    def set_classes(self, text: str) -> None:
        """Show phrases."""
        self._classes.setText(text)

    def set_parameters(self, parameters: Iterable[Parameter], values: Mapping[str, Any]) -> None:
        """Show the parameters of task and model with these values."""
        shown: List[Parameter] = [one for one in parameters if one.kind in KINDS]
        self._method.set_parameters([one for one in shown if one.name == METHOD], dict(values))
        self._form.set_parameters([one for one in shown if one.name != METHOD], dict(values))
        self._show_method()

    def _on_method(self) -> None:
        if self.method() != self._shown:
            self._show_method()
            self.method_changed.emit(self._shown)

    def _show_method(self) -> None:
        """Show the rows that the method reads."""
        self._shown = self.method()
        detector = self._shown == DETECTOR
        self._form.show_rows((ONLY,), detector)
        self._rows.show(() if detector else (CLASSES,))

    def _build(self) -> None:
        above, between, below = (_form() for _ in range(3))
        dates, self._rows = FormRows(above), FormRows(below)
        dates.add("", self.tr("Before"), self.before)
        dates.add("", self.tr("After"), self.after)
        FormRows(between).add("", self.tr("Model"), self.model)
        self._rows.add(CLASSES, self.tr("Classes"), self._classes)
        self._rows.add("", self.tr("Area"), self.area)
        self._rows.add("", self.tr("Save in"), self._folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (above, self._method, between, self._form, below, self.job):
            (column.addLayout if isinstance(part, QFormLayout) else column.addWidget)(part)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # the page fits into a panel of 320 pixels
    return form


def _layers(name: str) -> QgsMapLayerComboBox:
    combo = QgsMapLayerComboBox()
    combo.setObjectName(name)
    combo.setFilters(QgsMapLayerProxyModel.RasterLayer)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
