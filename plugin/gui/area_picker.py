"""Picks a place on the image: the view, all of it, a rectangle drawn on the map, or selected polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Optional, Tuple

from qgis.core import QgsMapLayerProxyModel, QgsReferencedRectangle, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

NOTHING, CANVAS, LAYER, RECTANGLE, POLYGONS = "nothing", "canvas", "layer", "rectangle", "polygons"


@dataclass(frozen=True)
class AreaChoice:
    """What was picked. `rectangle` is None until one was drawn; `layer` holds the selected polygons."""

    kind: str
    rectangle: Optional[QgsReferencedRectangle] = None
    layer: Optional[QgsVectorLayer] = None


class AreaPicker(QWidget):
    """`draw_toggled(bool)` switches the drawing of a rectangle on or off; `changed` fires with every pick."""

    draw_toggled = pyqtSignal(bool)
    changed = pyqtSignal()

    def __init__(self, name: str, kinds: Iterable[Tuple[str, str]], parent: Optional[QWidget] = None) -> None:
        """Offer `kinds`, each a label and one of the names above."""
        super().__init__(parent)
        self._rectangle: Optional[QgsReferencedRectangle] = None
        self._kind = QComboBox()
        self._kind.setObjectName(name)
        self._kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, kind in kinds:
            self._kind.addItem(text, kind)
        self._draw = QPushButton(self.tr("Draw on the map"))
        self._draw.setObjectName(f"{name}Draw")
        self._draw.setCheckable(True)
        self._drawn = QLabel()
        self._polygons = QgsMapLayerComboBox()
        self._polygons.setObjectName(f"{name}Polygons")
        self._polygons.setFilters(QgsMapLayerProxyModel.PolygonLayer)
        self._polygons.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._polygons.setToolTip(self.tr("The layer whose selected polygons count"))
        self._build()
        self._kind.currentIndexChanged.connect(self._on_kind)
        self._polygons.layerChanged.connect(lambda _: self.changed.emit())
        self._draw.toggled.connect(self.draw_toggled)
        self._show()

    def choice(self) -> AreaChoice:
        """Return what is picked now."""
        kind = self._kind.currentData()
        return AreaChoice(
            kind,
            self._rectangle if kind == RECTANGLE else None,
            self._polygons.currentLayer() if kind == POLYGONS else None,
        )

    def pick(self, kind: str, layer: Optional[QgsVectorLayer] = None) -> None:
        """Pick a kind, and a layer of polygons, as a person would."""
        self._kind.setCurrentIndex(self._kind.findData(kind))
        if layer is not None:
            self._polygons.setLayer(layer)

    def set_rectangle(self, rectangle: Optional[QgsReferencedRectangle]) -> None:
        """Take what was drawn, or forget it."""
        self._rectangle = rectangle
        self._drawn.setText(self.tr("drawn") if rectangle is not None else "")
        self.changed.emit()

    def set_drawing(self, on: bool) -> None:
        """Show whether the map takes a rectangle now."""
        self._draw.setChecked(on)

    def _build(self) -> None:
        self._rectangle_row = QWidget()
        row = QHBoxLayout(self._rectangle_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._draw)
        row.addWidget(self._drawn, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._kind, self._rectangle_row, self._polygons):
            column.addWidget(widget)

    def _on_kind(self, _index: int) -> None:
        self._show()
        self._draw.setChecked(self._kind.currentData() == RECTANGLE and self._rectangle is None)
        self.changed.emit()

    def _show(self) -> None:
        kind = self._kind.currentData()
        self._rectangle_row.setVisible(kind == RECTANGLE)
        self._polygons.setVisible(kind == POLYGONS)
