"""The Change page's first part: which image, what is where on it, what happens there, and how many pairs of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel, QgsVectorLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSignalBlocker, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QPushButton, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import Parameter
from .area_picker import CANVAS, LAYER, POLYGONS, RECTANGLE, AreaPicker
from .folder_field import FolderField
from .form_rows import FormRows
from .job_row import JobRow
from .like_table import LikeTable
from .model_picker import ModelPicker
from .parameter_form import KINDS, ParameterForm
from .seed_field import SeedField

EVENT, SEED = "event", "seed"
FIRST = ("most", "least", "share", "margin", "count", "times", "side", "steps")
"""Parameters that stand beside the event; the others are folded away below."""
NEEDS = {
    "add": ("class", "most", "least"),
    "remove": ("class", "becomes", "most", "least"),
    "mix": ("class", "becomes", "most", "least"),
    "swap": ("share",),
    "instances": ("share",),
}
"""What of the page each event reads; the rest is hidden."""
OF_EVENTS = ("most", "least", "share")


@dataclass(frozen=True)
class PairsChoice:
    """What the page says, apart from area and parameters; `becomes` is empty for what lies around."""

    image: Optional[QgsMapLayer]
    labels: Optional[QgsMapLayer]
    column: str
    kind: str
    becomes: str
    like: Dict[str, str]
    model: str
    folder: str


class ChangePairs(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    labels_changed = pyqtSignal()
    draw_asked = pyqtSignal()
    parameters_changed = pyqtSignal()
    like_changed = pyqtSignal(object)
    folder_changed = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.source = _layers("changeSource", QgsMapLayerProxyModel.RasterLayer)
        kinds = QgsMapLayerProxyModel.RasterLayer | QgsMapLayerProxyModel.PolygonLayer
        self.labels = _layers("changeLabels", kinds)
        self.labels.setToolTip(self.tr("A raster of classes, such as a class map of Ground, or polygons with a class"))
        self._draw = QPushButton(self.tr("Draw polygons…"))
        self._draw.setObjectName("changeDraw")
        self._column = QgsFieldComboBox()
        self._column.setObjectName("changeColumn")
        self._event, self._first, self._others = ParameterForm(), ParameterForm(), ParameterForm()
        self._class, self._becomes = _combo("changeClass"), _combo("changeBecomes")
        self.seed = SeedField("changeSeed")
        whole, view = (self.tr("The whole image"), LAYER), (self.tr("What the map shows"), CANVAS)
        rectangle, polygons = (self.tr("A rectangle"), RECTANGLE), (self.tr("Selected polygons"), POLYGONS)
        self.area = AreaPicker("changeArea", (view, whole, rectangle, polygons))
        self.model = ModelPicker()
        self._like = LikeTable()
        self._folder = FolderField("changeFolder")
        self.preview = JobRow("changePreview", self.tr("Preview the middle of the map"))
        self.job = JobRow("change", self.tr("Make pairs"))
        self._build()
        self._connect()
        self._show_event()

    def choice(self) -> PairsChoice:
        """Return what is chosen now."""
        vector = isinstance(self.labels.currentLayer(), QgsVectorLayer)
        return PairsChoice(
            image=self.source.currentLayer(),
            labels=self.labels.currentLayer(),
            column=self._column.currentField() if vector else "",
            kind=self._class.currentText().strip() if "class" in self._needs() else "",
            becomes=str(self._becomes.currentData() or "") if "becomes" in self._needs() else "",
            like=self._like.like(),
            model=self.model.model_id(),
            folder=self._folder.folder(),
        )

    def values(self) -> Dict[str, Any]:
        """Return the values of all parameters."""
        forms = (self._event, self._first, self._others)
        values = {name: value for form in forms for name, value in form.values().items()}
        return {**values, SEED: self.seed.value()}

    def changes(self) -> Dict[str, Any]:
        """Return the values that are not the default."""
        forms = (self._event, self._first, self._others)
        return {name: value for form in forms for name, value in form.changes().items()}

    def set_parameters(self, parameters: Iterable[Parameter], values: Mapping[str, Any]) -> None:
        """Show the parameters of task and model with these values."""
        shown: List[Parameter] = [one for one in parameters if one.kind in KINDS and one.name != SEED]
        known = dict(values)
        self._event.set_parameters([one for one in shown if one.name == EVENT], known)
        self._first.set_parameters([one for one in shown if one.name in FIRST], known)
        self._others.set_parameters([one for one in shown if one.name not in (EVENT, *FIRST)], known)
        self._show_event()

    def set_classes(self, names: Sequence[str], like: Mapping[str, str]) -> None:
        """Offer the classes of the labels; what was chosen stays where there still is such a class."""
        blockers = QSignalBlocker(self._class), QSignalBlocker(self._becomes)
        chosen, becomes = self._class.currentText(), self._becomes.currentData()
        self._class.clear()
        self._becomes.clear()
        self._becomes.addItem(self.tr("what lies around it"), "")
        for name in names:
            self._class.addItem(name, name)
            self._becomes.addItem(name, name)
        self._class.setCurrentIndex(max(0, self._class.findText(chosen)))
        self._becomes.setCurrentIndex(max(0, self._becomes.findData(becomes)))
        del blockers
        self._like.set_classes(names, like)
        self._like_group.setVisible(self._like.rowCount() > 0)

    def set_column(self, layer: Optional[QgsMapLayer], column: str) -> None:
        """Offer the columns of a layer of polygons; a raster has none."""
        vector, blocker = layer if isinstance(layer, QgsVectorLayer) else None, QSignalBlocker(self._column)
        self._column.setLayer(vector)
        if vector is not None:
            self._column.setField(column)
        blocker.unblock()
        self._rows.show(("column",) if vector is not None else ())

    def column(self) -> str:
        """Return the column of classes, empty for a raster."""
        return str(self._column.currentField())

    def pick_class(self, name: str) -> None:
        """Choose a class as a person would."""
        self._class.setCurrentIndex(self._class.findText(name))

    def set_folder(self, folder: str) -> None:
        """Show the remembered folder."""
        self._folder.setFilePath(folder)

    def _needs(self) -> Sequence[str]:
        return NEEDS.get(str(self._event.values().get(EVENT, "")), ("class", "becomes", *OF_EVENTS))

    def _show_event(self) -> None:
        needs = self._needs()
        self._event_rows.show([name for name in ("class", "becomes") if name in needs])
        for name in OF_EVENTS:
            self._first.show_rows((name,), name in needs)

    def _on_changed(self) -> None:
        self._show_event()
        self.parameters_changed.emit()

    def _connect(self) -> None:
        self.labels.layerChanged.connect(lambda _: self.labels_changed.emit())
        self._column.fieldChanged.connect(lambda _: self.labels_changed.emit())
        self._draw.clicked.connect(lambda _: self.draw_asked.emit())
        self._like.changed.connect(lambda: self.like_changed.emit(self._like.like()))
        self._folder.fileChanged.connect(lambda _: self.folder_changed.emit(self._folder.folder()))
        for form in (self._event, self._first, self._others):
            form.changed.connect(self._on_changed)

    def _build(self) -> None:
        above, event, below = (_form() for _ in range(3))
        self._rows, self._event_rows, last = FormRows(above), FormRows(event), FormRows(below)
        for rows, name, label, field in (
            (self._rows, "", self.tr("Image"), self.source),
            (self._rows, "", self.tr("What is where"), _stacked(self.labels, self._draw)),
            (self._rows, "column", self.tr("Column of classes"), self._column),
            (self._event_rows, "class", self.tr("Class"), self._class),
            (self._event_rows, "becomes", self.tr("Becomes"), self._becomes),
            (last, "", self.tr("Seed"), self.seed),
            (last, "", self.tr("Area"), self.area),
            (last, "", self.tr("Painted by"), self.model),
            (last, "", self.tr("Save in"), self._folder),
        ):
            rows.add(name, label, field)
        self._rows.show(())
        self._like_group = _folded(self.tr("What own classes look like"), "changeLikeGroup", self._like, False)
        self._like_group.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (above, self._like_group, self._event, event, self._first, below, self.preview, self.job):
            (column.addLayout if isinstance(part, QFormLayout) else column.addWidget)(part)
        column.addWidget(_folded(self.tr("Data set and pixels"), "changeDetails", self._others, True))


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # the page fits into a panel of 320 pixels
    return form


def _stacked(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        column.addWidget(widget)
    return box


def _folded(title: str, name: str, inside: QWidget, collapsed: bool) -> QgsCollapsibleGroupBox:
    group = QgsCollapsibleGroupBox(title)
    group.setObjectName(name)
    column = QVBoxLayout(group)
    column.setContentsMargins(4, 4, 4, 4)
    column.addWidget(inside)
    group.setCollapsed(collapsed)
    return group


def _layers(name: str, kinds: object) -> QgsMapLayerComboBox:
    combo = QgsMapLayerComboBox()
    combo.setObjectName(name)
    combo.setFilters(kinds)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
