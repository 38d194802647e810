"""Places that were found, best first; a click shows one on the map."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

MOST = 100
"""Places listed; the layer has them all."""
LINES = 6
ID = int(Qt.ItemDataRole.UserRole)


class RankedPlaces(QWidget):
    """`picked(id of the feature)`."""

    picked = pyqtSignal(int)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._list = QListWidget()
        self._list.setObjectName("rankedPlaces")
        self._list.setAccessibleName(self.tr("Places found"))
        self._list.setMinimumHeight(LINES * (self.fontMetrics().height() + 4))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self._list)
        for signal in (self._list.itemClicked, self._list.itemActivated):
            signal.connect(lambda item: self.picked.emit(item.data(ID)))
        self.set_places(())

    def set_places(self, places: Sequence[Tuple[int, str]]) -> None:
        """List places as (feature's id, text), best first."""
        self.setVisible(bool(places))
        self._title.setText(self.tr("Places, best first: {count}").format(count=len(places)))
        self._list.clear()
        for feature, text in places[:MOST]:
            item = QListWidgetItem(text)
            item.setData(ID, feature)
            self._list.addItem(item)
