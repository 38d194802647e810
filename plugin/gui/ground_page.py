"""The Ground page: say what to look for, where and with what, and see what was found."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.capabilities import Parameter
from .area_picker import CANVAS, LAYER, NOTHING, POLYGONS, RECTANGLE, AreaPicker
from .ground_results import GroundResults
from .model_picker import ModelPicker
from .parameter_form import ParameterForm
from .phrase_box import PhraseBox
from .source_options import SourceOptions

FIRST = ("answer", "granularity", "background")
"""Parameters that stand beside the phrases; the others are folded away below."""


class GroundPage(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    source_changed = pyqtSignal(object)
    run_asked = pyqtSignal()
    cancel_asked = pyqtSignal()
    parameters_changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.source = QgsMapLayerComboBox()
        self.source.setObjectName("groundSource")
        self.source.setFilters(QgsMapLayerProxyModel.RasterLayer)
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model = ModelPicker()
        self.phrases = PhraseBox()
        rectangle, polygons = (self.tr("A rectangle"), RECTANGLE), (self.tr("Selected polygons"), POLYGONS)
        view, whole = (self.tr("What the map shows"), CANVAS), (self.tr("The whole image"), LAYER)
        self.area = AreaPicker("area", (view, whole, rectangle, polygons))
        self.example = AreaPicker("example", ((self.tr("No example"), NOTHING), rectangle, polygons))
        self.options = SourceOptions()
        self.results = GroundResults()
        self._first, self._others = ParameterForm(), ParameterForm()
        self._unavailable, self._busy = "", False
        self._run = QPushButton(self.tr("Find"))
        self._run.setObjectName("ground")
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName("groundCancel")
        self._bar = QProgressBar()
        self._bar.setObjectName("groundProgress")
        self._status = QLabel()
        self._status.setObjectName("groundStatus")
        self._status.setWordWrap(True)
        self.example.setToolTip(self.tr("An object marked on the map, instead of phrases or beside them"))
        self._build()
        self._connect()
        self.set_progress(None)

    def values(self) -> Dict[str, Any]:
        """Return the values of all parameters."""
        return {**self._first.values(), **self._others.values()}

    def set_parameters(self, parameters: Iterable[Parameter], values: Dict[str, Any]) -> None:
        """Show the parameters of task and model with these values."""
        parameters = tuple(parameters)
        self._first.set_parameters([one for one in parameters if one.name in FIRST], values)
        self._others.set_parameters([one for one in parameters if one.name not in FIRST], values)

    def set_unavailable(self, sentence: str) -> None:
        """Say why phrases cannot be looked for, or with an empty sentence that they can."""
        changed, self._unavailable = sentence != self._unavailable, sentence
        if changed and not self._busy:
            self._status.setText(sentence)
        self._show()

    def set_status(self, text: str) -> None:
        """Show one line under the button."""
        self._status.setText(text)

    def set_progress(self, percent: Optional[float]) -> None:
        """Show how far a run is; None where none is under way. Below 0 the bar moves without saying how far."""
        self._busy = percent is not None
        self._bar.setRange(0, 100 if percent is None or percent >= 0 else 0)
        self._bar.setValue(int(percent or 0))
        self._show()

    def _show(self) -> None:
        self._run.setVisible(not self._busy)
        self._run.setEnabled(not self._unavailable)
        self._cancel.setVisible(self._busy)
        self._bar.setVisible(self._busy)

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("Phrases"), self.phrases)
        form.addRow(self.tr("Like this"), self.example)
        form.addRow(self.tr("Image"), self.source)
        form.addRow(self.tr("Area"), self.area)
        form.addRow(self.tr("Model"), self.model)
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._first)
        column.addWidget(self._run)
        column.addLayout(row)
        column.addWidget(self._status)
        column.addWidget(self.results)
        column.addWidget(_group("groundDetails", self.tr("Threshold and outline"), self._others))
        column.addWidget(_group("groundReading", self.tr("Image and device"), self.options))
        column.addStretch(1)

    def _connect(self) -> None:
        self.source.layerChanged.connect(self.source_changed.emit)
        self.phrases.entered.connect(self._on_enter)
        self._run.clicked.connect(lambda _: self.run_asked.emit())
        self._cancel.clicked.connect(lambda _: self.cancel_asked.emit())
        self._first.changed.connect(self.parameters_changed)
        self._others.changed.connect(self.parameters_changed)

    def _on_enter(self) -> None:
        if self._run.isEnabled() and not self._busy:
            self.run_asked.emit()


def _group(name: str, title: str, content: QWidget) -> QgsCollapsibleGroupBox:
    group = QgsCollapsibleGroupBox(title)
    group.setObjectName(name)
    QVBoxLayout(group).addWidget(content)
    group.setCollapsed(True)
    return group
