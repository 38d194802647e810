"""A compare slider over the map: a line that is dragged, with other layers on its two sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from qgis.core import QgsMapLayer, QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QMouseEvent
from qgis.PyQt.QtWidgets import QApplication, QWidget

from ..gis.view_render import ViewRender
from .keys import is_typing
from .swipe_item import HANDLE, SwipeItem

GRASP = 6
"""Pixels beside the line where it is taken."""
STEP, LEAP = 0.01, 0.1
"""How far an arrow moves the line, as a share of the canvas; with Shift."""
SPLIT = {True: Qt.CursorShape.SplitHCursor, False: Qt.CursorShape.SplitVCursor}


@dataclass(frozen=True)
class Side:
    """What one side of the line shows: `only` these layers, from the top down, or the map `without` some of it.

    Layers are named by their ids, those of a group by `QgsLayerTreeGroup.findLayerIds()`.
    """

    caption: str = ""
    only: Optional[Tuple[str, ...]] = None
    without: Tuple[str, ...] = ()

    @property
    def is_map(self) -> bool:
        """Return whether it is the map as it is, which is there already."""
        return self.only is None and not self.without

    @property
    def ids(self) -> Tuple[str, ...]:
        """Return the layers it is about."""
        return self.without if self.only is None else self.only

    def layers(self, shown: Sequence[QgsMapLayer]) -> List[QgsMapLayer]:
        """Return its layers where the map shows `shown`."""
        if self.only is None:
            return [layer for layer in shown if layer.id() not in self.without]
        found = (QgsProject.instance().mapLayer(layer_id) for layer_id in self.only)
        return [layer for layer in found if layer is not None]


class Swipe(QObject):
    """A slider over one canvas. `ended` follows `end`, Escape, and the removal of a layer that is compared.

    The line is dragged with any map tool; the arrow keys move it, with Shift in leaps.
    """

    ended = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._item: Optional[SwipeItem] = None
        self._window: Optional[QWidget] = None
        self._sides: Tuple[Side, Side] = (Side(), Side())
        self._share, self._upright = 0.5, True
        self._dragging = self._over = False
        self._renders = (ViewRender(self), ViewRender(self))
        for far, render in enumerate(self._renders):
            render.drawn.connect(lambda image, corners, far=far: self._on_drawn(far, image, corners))

    @property
    def active(self) -> bool:
        """Return whether the line is on the map."""
        return self._item is not None

    @property
    def drawing(self) -> bool:
        """Return whether a side is being drawn."""
        return any(render.busy for render in self._renders)

    @property
    def share(self) -> float:
        """Return where the line is: 0 at the left or upper end of the map, 1 at the other."""
        return self._share

    def begin(self, near: Side, far: Side) -> None:
        """Put the line on the map, `near` on its left (or above it), `far` on its right (or below)."""
        if self._item is None:
            self._item = SwipeItem(self._canvas)
            self._listen()
        self._sides = near, far
        self._item.set_captions(near.caption, far.caption)
        self._forget()
        self._place()
        self._render()
        self._canvas.setFocus()

    def end(self) -> None:
        """Take the line off the map."""
        if self._item is None:
            return
        self._deafen()
        for render in self._renders:
            render.cancel()
        self._dragging = self._over = False
        self._canvas.scene().removeItem(self._item)
        self._item = None
        self.ended.emit()

    def move_to(self, share: float) -> None:
        """Move the line."""
        self._share = min(1.0, max(0.0, share))
        self._place()

    def set_upright(self, upright: bool) -> None:
        """Let the line stand upright, or lie."""
        self._upright = upright
        self._place()

    def close(self) -> None:
        """Take everything off the map without a word."""
        self.blockSignals(True)
        self.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what concerns the line before the map's tool gets it, and Escape wherever nobody types."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            elsewhere = watched is not self._canvas
            ours = not elsewhere or (event.key() == Qt.Key.Key_Escape and not is_typing(QApplication.focusWidget()))
            return ours and self._on_key(event)
        if watched is not self._canvas.viewport():
            return False
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = self._is_near(event.pos())
            return self._dragging
        if event.type() == QEvent.Type.MouseMove:
            return self._on_move(event)
        if event.type() == QEvent.Type.MouseButtonRelease and self._dragging:
            self._dragging = False
            return True
        return False

    def _listen(self) -> None:
        self._window = self._canvas.window()
        for watched in (self._canvas, self._canvas.viewport(), self._window):
            watched.installEventFilter(self)
        self._canvas.renderStarting.connect(self._render)
        self._canvas.destinationCrsChanged.connect(self._forget)
        QgsProject.instance().layersWillBeRemoved.connect(self._on_removed)

    def _deafen(self) -> None:
        for watched in (self._canvas, self._canvas.viewport(), self._window):
            watched.removeEventFilter(self)
        self._canvas.viewport().unsetCursor()
        self._canvas.renderStarting.disconnect(self._render)
        self._canvas.destinationCrsChanged.disconnect(self._forget)
        QgsProject.instance().layersWillBeRemoved.disconnect(self._on_removed)

    def _render(self) -> None:
        """Draw the sides that are not the map itself; pictures of before stay until then."""
        for render, side in zip(self._renders, self._sides):
            if not side.is_map:
                render.render(self._canvas.mapSettings(), side.layers(self._canvas.layers()))

    def _on_drawn(self, far: bool, image: object, corners: object) -> None:
        if self._item is not None:
            self._item.set_picture(far, (image, corners))

    def _forget(self) -> None:
        for far in (False, True):
            self._item.set_picture(far, None)

    def _place(self) -> None:
        if self._item is not None:
            self._item.set_line(self._share, self._upright)

    def _on_removed(self, ids: Sequence[str]) -> None:
        if any(layer_id in side.ids for side in self._sides for layer_id in ids):
            self.end()

    def _on_key(self, event: QKeyEvent) -> bool:
        """Act on our keys; claim them first, so that no shortcut of QGIS's gets them."""
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Right) if self._upright else (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() not in (back, on, Qt.Key.Key_Escape):
            return False
        event.accept()
        if event.type() == QEvent.Type.ShortcutOverride:
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            step = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            self.move_to(self._share + (step if event.key() == on else -step))
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        if self._dragging:
            self.move_to(self._along(event.pos()) / self._length())
            return True
        if event.buttons() == Qt.MouseButton.NoButton:
            self._show_cursor(self._is_near(event.pos()))
        else:
            self._place()  # a map that is dragged takes the line along: it stays where it is seen
        return False

    def _show_cursor(self, over: bool) -> None:
        if over and not self._over:
            self._canvas.viewport().setCursor(SPLIT[self._upright])
        elif self._over and not over:
            self._canvas.viewport().unsetCursor()
        self._over = over

    def _is_near(self, at: QPoint) -> bool:
        size = self._canvas.viewport().size()
        across = abs((at.y() - size.height() / 2) if self._upright else (at.x() - size.width() / 2))
        reach = HANDLE if across <= HANDLE else GRASP
        return abs(self._along(at) - self._share * self._length()) <= reach

    def _along(self, at: QPoint) -> int:
        return at.x() if self._upright else at.y()

    def _length(self) -> int:
        size = self._canvas.viewport().size()
        return max(1, size.width() if self._upright else size.height())
