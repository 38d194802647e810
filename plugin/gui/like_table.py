"""What of the classes a painter knows each of a person's own classes looks like."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ..gis.land_cover import COLOURS, is_obvious, shown_name

LOWEST, HIGHEST = 2, 6
"""Rows that are seen at once; the others are scrolled to."""


class LikeTable(QTableWidget):
    """A row a class that has no name of the painter's; `changed` fires with every choice."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(0, 2, parent)
        self.setObjectName("changeLike")
        self.setHorizontalHeaderLabels([self.tr("Class"), self.tr("looks like")])
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setAccessibleName(self.tr("What classes look like"))
        self._chosen: Dict[str, str] = {}

    def set_classes(self, names: Sequence[str], chosen: Mapping[str, str]) -> None:
        """Show the classes whose names do not say what they are like; `chosen` is what was said of them before."""
        self._chosen.update(chosen)
        asked = [name for name in names if not is_obvious(name)]
        self.setRowCount(len(asked))
        for row, name in enumerate(asked):
            item = QTableWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.setItem(row, 0, item)
            self.setCellWidget(row, 1, self._combo(name))
        height = self.verticalHeader().defaultSectionSize()
        shown = min(max(len(asked), LOWEST), HIGHEST)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * height + 2 * self.frameWidth())
        self.setVisible(bool(asked))

    def like(self) -> Dict[str, str]:
        """Return what was chosen, of the classes shown."""
        names = [self.item(row, 0).text() for row in range(self.rowCount())]
        return {name: self._chosen[name] for name in names if self._chosen.get(name)}

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setAccessibleName(name)
        combo.addItem(self.tr("nothing of these"), "")
        for known in COLOURS:
            combo.addItem(shown_name(known), known)
        combo.setCurrentIndex(max(0, combo.findData(self._chosen.get(name, ""))))
        combo.currentIndexChanged.connect(lambda _: self._on_chosen(name, combo.currentData()))
        return combo

    def _on_chosen(self, name: str, like: str) -> None:
        self._chosen[name] = like
        self.changed.emit()
