"""The Segment page: what to click on, with which model, into which layer."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.sessions import PredictResponse
from . import labels
from .model_picker import ModelPicker
from .parameter_form import ParameterForm
from .source_options import SourceOptions


class SegmentPage(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    source_changed = pyqtSignal(object)
    tool_toggled = pyqtSignal(bool)
    hover_toggled = pyqtSignal(bool)
    new_geopackage_asked = pyqtSignal()
    accept_asked = pyqtSignal()
    clear_asked = pyqtSignal()
    undo_asked = pyqtSignal()
    redo_asked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.source = QgsMapLayerComboBox()
        self.source.setObjectName("source")
        self.source.setFilters(QgsMapLayerProxyModel.RasterLayer)
        self.model = ModelPicker()
        self.target = QgsMapLayerComboBox()
        self.target.setObjectName("target")
        self.target.setFilters(QgsMapLayerProxyModel.PolygonLayer)
        self.target.setAllowEmptyLayer(True, self.tr("New temporary layer"))
        self.target.setLayer(None)
        for combo in (self.source, self.target):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.options = SourceOptions()
        self.outline = ParameterForm()
        self.hover = QCheckBox(self.tr("Preview under the pointer"))
        self.hover.setObjectName("hover")
        self.tool = QPushButton(self.tr("Click on the map"))
        self.tool.setObjectName("tool")
        self.tool.setCheckable(True)
        self._status = QLabel()
        self._status.setObjectName("segmentStatus")
        self._status.setWordWrap(True)
        self._build()
        self._connect()

    def set_tool_active(self, active: bool) -> None:
        """Show whether the map tool is on."""
        self.tool.setChecked(active)

    def set_status(self, text: str) -> None:
        """Show one line under the tool button."""
        self._status.setText(text)

    def show_result(self, response: Optional[PredictResponse], prompts: int, can_redo: bool) -> None:
        """Show score and area of the previewed object and enable what can be done with it."""
        self._accept.setEnabled(bool(response and response.polygons and prompts))
        self._clear.setEnabled(prompts > 0)
        self._undo.setEnabled(prompts > 0)
        self._redo.setEnabled(can_redo)
        if response is None or not prompts:
            return
        if not response.polygons:
            self.set_status(self.tr("Nothing found there. Add a point or draw a box around the object."))
            return
        text = self.tr("Score {score}").format(score=f"{response.score:.2f}")
        if response.area_m2:
            text += f" · {labels.area(response.area_m2)}"
        if response.truncated:
            text += " · " + self.tr("the object goes on beyond the largest area one click may take")
        if response.notice:
            text += f" · {labels.text(response.notice)}"
        self.set_status(text)

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("Image"), self.source)
        form.addRow(self.tr("Model"), self.model)
        form.addRow(self.tr("Into"), self._target_row())
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.tool)
        column.addWidget(self.hover)
        column.addLayout(self._buttons())
        column.addWidget(self._status)
        column.addWidget(_group("outlineGroup", self.tr("Outline"), self.outline))
        reading = _group("readingGroup", self.tr("Image and device"), self.options)
        reading.setCollapsed(True)
        column.addWidget(reading)
        column.addWidget(self._keys())
        column.addStretch(1)

    def _target_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.target, 1)
        self._new = QToolButton()
        self._new.setText("…")
        self._new.setToolTip(self.tr("Create a new GeoPackage layer"))
        self._new.setObjectName("newGeoPackage")
        layout.addWidget(self._new)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)  # four buttons have to fit into a panel of 320 pixels
        self._accept = self._button("accept", self.tr("Accept"), self.tr("Write the object into the layer: Enter"))
        self._undo = self._button("undo", self.tr("Undo"), self.tr("Take the last prompt back: Backspace or Ctrl+Z"))
        self._redo = self._button("redo", self.tr("Redo"), self.tr("Bring the prompt back: Ctrl+Shift+Z"))
        self._clear = self._button("clear", self.tr("Clear"), self.tr("Start this object over: Esc"))
        for button in (self._accept, self._undo, self._redo, self._clear):
            row.addWidget(button)
        return row

    def _button(self, name: str, text: str, keys: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setObjectName(name)
        button.setToolTip(keys)
        button.setEnabled(False)
        return button

    def _keys(self) -> QLabel:
        text = self.tr(
            "Left click: part of the object. Right click or Alt: not part of it. Drag: box. "
            "Enter: accept. Backspace: undo. Esc: clear."
        )
        label = QLabel(text)
        label.setWordWrap(True)
        return label

    def _connect(self) -> None:
        self.source.layerChanged.connect(self.source_changed.emit)
        self.tool.toggled.connect(self.tool_toggled)
        self.hover.toggled.connect(self.hover_toggled)
        self._new.clicked.connect(self.new_geopackage_asked)
        self._accept.clicked.connect(self.accept_asked)
        self._undo.clicked.connect(self.undo_asked)
        self._redo.clicked.connect(self.redo_asked)
        self._clear.clicked.connect(self.clear_asked)


def _group(name: str, title: str, content: QWidget) -> QgsCollapsibleGroupBox:
    group = QgsCollapsibleGroupBox(title)
    group.setObjectName(name)
    QVBoxLayout(group).addWidget(content)
    return group
