"""Picks a place on the image: the view, all of it, what is drawn on the map, or selected polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Optional, Tuple

from qgis.core import QgsMapLayerProxyModel, QgsReferencedGeometry, QgsReferencedRectangle, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

NOTHING, CANVAS, LAYER, RECTANGLE, POLYGONS = "nothing", "canvas", "layer", "rectangle", "polygons"
OUTLINE = "outline"
DRAWN = (RECTANGLE, OUTLINE)
"""What is drawn on the map."""


@dataclass(frozen=True)
class AreaChoice:
    """What was picked. `rectangle` and `outline` are None until one was drawn; `layer` holds selected polygons."""

    kind: str
    rectangle: Optional[QgsReferencedRectangle] = None
    layer: Optional[QgsVectorLayer] = None
    outline: Optional[QgsReferencedGeometry] = None


class AreaPicker(QWidget):
    """`draw_toggled(bool)` switches drawing on the map on or off; `changed` fires with every pick."""

    draw_toggled = pyqtSignal(bool)
    changed = pyqtSignal()

    def __init__(self, name: str, kinds: Iterable[Tuple[str, str]], parent: Optional[QWidget] = None) -> None:
        """Offer `kinds`, each a label and one of the names above."""
        super().__init__(parent)
        self._rectangle: Optional[QgsReferencedRectangle] = None
        self._outline: Optional[QgsReferencedGeometry] = None
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
            self._outline if kind == OUTLINE else None,
        )

    def offers(self, kind: str) -> bool:
        """Return whether a kind can be picked."""
        return self._kind.findData(kind) >= 0

    def pick(self, kind: str, layer: Optional[QgsVectorLayer] = None) -> None:
        """Pick a kind, and a layer of polygons, as a person would."""
        self._kind.setCurrentIndex(self._kind.findData(kind))
        if layer is not None:
            self._polygons.setLayer(layer)

    def set_rectangle(self, rectangle: Optional[QgsReferencedRectangle]) -> None:
        """Take what was drawn, or forget it."""
        self._rectangle = rectangle
        self._show()
        self.changed.emit()

    def set_outline(self, outline: Optional[QgsReferencedGeometry]) -> None:
        """Take what was drawn around, or forget it."""
        self._outline = outline
        self._show()
        self.changed.emit()

    def set_drawing(self, on: bool) -> None:
        """Show whether the map takes a drawing now."""
        self._draw.setChecked(on)

    def _build(self) -> None:
        self._drawing_row = QWidget()
        row = QHBoxLayout(self._drawing_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._draw)
        row.addWidget(self._drawn, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._kind, self._drawing_row, self._polygons):
            column.addWidget(widget)

    def _on_kind(self, _index: int) -> None:
        self._show()
        self._draw.setChecked(False)  # what was drawn before is another kind's
        self._draw.setChecked(self._kind.currentData() in DRAWN and self._shape() is None)
        self.changed.emit()

    def _show(self) -> None:
        kind = self._kind.currentData()
        self._drawn.setText(self.tr("drawn") if self._shape() is not None else "")
        self._drawing_row.setVisible(kind in DRAWN)
        self._polygons.setVisible(kind == POLYGONS)

    def _shape(self) -> object:
        """Return what was drawn of the picked kind."""
        return {RECTANGLE: self._rectangle, OUTLINE: self._outline}.get(self._kind.currentData())
