"""The Ground page: say what to look for, where and with what, and see what was found."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.capabilities import Parameter
from .accessible import add_named_row, controls, put_after
from .area_picker import CANVAS, LAYER, NOTHING, POLYGONS, RECTANGLE, AreaPicker
from .folder_field import FolderField
from .ground_results import GroundResults
from .job_row import JobRow
from .model_picker import ModelPicker
from .outliner_picker import OutlinerPicker
from .parameter_form import ParameterForm
from .phrase_box import PhraseBox
from .source_options import SourceOptions

FIRST = ("answer", "granularity", "coverage", "background")
"""Parameters that stand beside the phrases; the others are folded away below."""
SEGMENTER = "segmenter"
"""The parameter that names the model which outlines; empty for the best that is installed."""


class GroundPage(QWidget):
    """Widgets and signals; what they mean is decided elsewhere."""

    source_changed = pyqtSignal(object)
    run_asked = pyqtSignal()
    cancel_asked = pyqtSignal()
    parameters_changed = pyqtSignal()
    folder_changed = pyqtSignal(str)

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
        self.outliner = OutlinerPicker()
        self._folder = FolderField("groundFolder")
        self.options = SourceOptions()
        self.results = GroundResults()
        self._first, self._others = ParameterForm(), ParameterForm()
        self._details = _group("groundDetails", self.tr("Threshold and outline"), self._fine_points())
        self._job = JobRow("ground", self.tr("Find"))
        self.example.setToolTip(self.tr("An object marked on the map, instead of phrases or beside them"))
        self._build()
        self._connect()

    def values(self) -> Dict[str, Any]:
        """Return the values of all parameters."""
        return {**self._first.values(), **self._others.values(), SEGMENTER: self.outliner.model_id()}

    def changes(self) -> Dict[str, Any]:
        """Return the values that are not the default."""
        outliner = self.outliner.model_id()
        return {**self._first.changes(), **self._others.changes(), **({SEGMENTER: outliner} if outliner else {})}

    def folder(self) -> str:
        """Return the folder that takes the results, empty for Toposcope's own."""
        return self._folder.folder()

    def set_folder(self, folder: str) -> None:
        """Show the remembered folder."""
        self._folder.setFilePath(folder)

    def set_parameters(self, parameters: Iterable[Parameter], values: Dict[str, Any]) -> None:
        """Show the parameters of task and model with these values."""
        parameters = tuple(parameters)
        self._first.set_parameters([one for one in parameters if one.name in FIRST], values)
        self._others.set_parameters([one for one in parameters if one.name not in FIRST], values)
        self.outliner.pick(values.get(SEGMENTER, ""))
        put_after(controls(self._folder)[-1], self._first.editors())
        head = [control for control in controls(self._details) if control.parent() is self._details]
        put_after(head[-1], [*self._others.editors(), *controls(self.outliner)])

    def set_unavailable(self, sentence: str) -> None:
        """Say why phrases cannot be looked for, or with an empty sentence that they can."""
        self._job.set_unavailable(sentence)

    def set_status(self, text: str) -> None:
        """Show one line under the button."""
        self._job.set_status(text)

    def set_progress(self, percent: Optional[float]) -> None:
        """Show how far a run is; None where none is under way. Below 0 the bar moves without saying how far."""
        self._job.set_progress(percent)

    def forbid_cancelling(self) -> None:
        """Disable Cancel until `set_progress`: what is under way is not to be stopped any more."""
        self._job.forbid_cancelling()

    def _build(self) -> None:
        form = QFormLayout()
        for label, field in (
            (self.tr("Phrases"), self.phrases),
            (self.tr("Like this"), self.example),
            (self.tr("Image"), self.source),
            (self.tr("Area"), self.area),
            (self.tr("Model"), self.model),
            (self.tr("Save in"), self._folder),
        ):
            add_named_row(form, label, field)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._first)
        column.addWidget(self._job)
        column.addWidget(self.results)
        column.addWidget(self._details)
        column.addWidget(_group("groundReading", self.tr("Image and device"), self.options))
        column.addStretch(1)

    def _fine_points(self) -> QWidget:
        rows, outlines = QWidget(), QFormLayout()
        add_named_row(outlines, self.tr("Outlined by"), self.outliner)
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._others)
        column.addLayout(outlines)
        return rows

    def _connect(self) -> None:
        self.source.layerChanged.connect(self.source_changed.emit)
        self.phrases.entered.connect(self._on_enter)
        self._job.run_asked.connect(self.run_asked)
        self._job.cancel_asked.connect(self.cancel_asked)
        self._first.changed.connect(self.parameters_changed)
        self._others.changed.connect(self.parameters_changed)
        self.outliner.picked.connect(self.parameters_changed)
        self._folder.fileChanged.connect(lambda _: self.folder_changed.emit(self.folder()))

    def _on_enter(self) -> None:
        if self._job.ready:
            self.run_asked.emit()


def _group(name: str, title: str, content: QWidget) -> QgsCollapsibleGroupBox:
    group = QgsCollapsibleGroupBox(title)
    group.setObjectName(name)
    QVBoxLayout(group).addWidget(content)
    group.setCollapsed(True)
    return group
