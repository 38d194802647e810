"""The Places page: what coordinates alone can tell, with no image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from qgis.core import QgsMapLayerProxyModel, QgsVectorLayer
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from .area_picker import CANVAS, LAYER, RECTANGLE, AreaPicker
from .folder_field import FolderField
from .form_rows import FormRows
from .job_row import JobRow
from .model_picker import ModelPicker

LIKENESS, MAP, TABLE, PREDICTION = "likeness", "map", "table", "prediction"
NEEDS = {LIKENESS: ("place", "area"), MAP: ("area",), TABLE: ("points",), PREDICTION: ("points", "field", "area")}
"""What of the page each question reads; the rest is hidden."""


@dataclass(frozen=True)
class PlacesChoice:
    """What the page says; `place` as written, `step` in degrees, 0 for one that suits the area."""

    question: str
    place: str
    points: Optional[QgsVectorLayer]
    field: str
    estimator: str
    step: float
    model: str
    folder: str


class PlacesPage(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    question_changed = pyqtSignal()
    pick_toggled = pyqtSignal(bool)
    folder_changed = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._question = _combo("placesQuestion")
        for text, kind in (
            (self.tr("How like a place is every other?"), LIKENESS),
            (self.tr("Predict a column elsewhere"), PREDICTION),
            (self.tr("A map of vectors"), MAP),
            (self.tr("A vector for each point"), TABLE),
        ):
            self._question.addItem(text, kind)
        self._place = QLineEdit()
        self._place.setObjectName("placesPlace")
        self._place.setPlaceholderText(self.tr("longitude, latitude"))
        self._pick = QPushButton(self.tr("Click on the map"))
        self._pick.setObjectName("placesPick")
        self._pick.setCheckable(True)
        self._points = QgsMapLayerComboBox()
        self._points.setObjectName("placesPoints")
        self._points.setFilters(QgsMapLayerProxyModel.PointLayer)
        self._points.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._field = QgsFieldComboBox()
        self._field.setObjectName("placesField")
        self._estimator = _combo("placesEstimator")
        self._estimator.addItem(self.tr("Ridge regression"), "ridge")
        self._estimator.addItem(self.tr("Nearest neighbours"), "knn")
        view, drawn = (self.tr("What the map shows"), CANVAS), (self.tr("A rectangle"), RECTANGLE)
        self.area = AreaPicker("placesArea", (view, (self.tr("The whole earth"), LAYER), drawn))
        self._step = QDoubleSpinBox()
        self._step.setObjectName("placesStep")
        self._step.setRange(0, 90)
        self._step.setDecimals(5)
        self._step.setSuffix("°")
        self._step.setSpecialValueText(self.tr("as suits the area"))
        self.model = ModelPicker()
        self._folder = FolderField("placesFolder")
        self.bar = JobRow("places", self.tr("Compute"))
        self._build()
        self._question.currentIndexChanged.connect(self._on_question)
        self._points.layerChanged.connect(self._field.setLayer)
        self._field.setLayer(self._points.currentLayer())
        self._pick.toggled.connect(self.pick_toggled)
        self._folder.fileChanged.connect(lambda _: self.folder_changed.emit(self._folder.folder()))
        self._rows.show(NEEDS[self._question.currentData()])

    def choice(self) -> PlacesChoice:
        """Return what is chosen now."""
        return PlacesChoice(
            question=self._question.currentData(),
            place=self._place.text().strip(),
            points=self._points.currentLayer(),
            field=self._field.currentField(),
            estimator=self._estimator.currentData(),
            step=self._step.value(),
            model=self.model.model_id(),
            folder=self._folder.folder(),
        )

    def ask(self, question: str) -> None:
        """Choose a question as a person would."""
        self._question.setCurrentIndex(self._question.findData(question))

    def set_place(self, text: str) -> None:
        """Show the place that was clicked."""
        self._place.setText(text)

    def set_picking(self, on: bool) -> None:
        """Show whether the map takes a click now."""
        self._pick.setChecked(on)

    def set_points(self, layer: QgsVectorLayer, field: str = "") -> None:
        """Choose a layer of points, and one of its fields."""
        self._points.setLayer(layer)
        self._field.setField(field)

    def set_folder(self, folder: str) -> None:
        """Show the remembered folder."""
        self._folder.setFilePath(folder)

    def _build(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # the page fits into a panel of 320 pixels
        self._rows = FormRows(form)
        for name, label, field in (
            ("", self.tr("Question"), self._question),
            ("place", self.tr("Place"), _side_by_side(self._place, self._pick)),
            ("points", self.tr("Points"), self._points),
            ("field", self.tr("Column"), self._field),
            ("field", self.tr("By"), self._estimator),
            ("area", self.tr("Area"), self.area),
            ("area", self.tr("Cell"), self._step),
            ("", self.tr("Model"), self.model),
            ("", self.tr("Save in"), self._folder),
        ):
            self._rows.add(name, label, field)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.bar)
        column.addStretch(1)

    def _on_question(self, _index: int) -> None:
        self._rows.show(NEEDS[self._question.currentData()])
        self.question_changed.emit()


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _side_by_side(*widgets: QWidget) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        line.addWidget(widget)
    return row
