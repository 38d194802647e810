"""The Change page: make pairs with labels, find what changed between two dates, look at both."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from .change_detect import ChangeDetect
from .change_pairs import ChangePairs
from .change_results import ChangeResults

MARGINS = (4, 4, 4, 4)
"""Pixels around a part: the page fits into a panel of 320."""


class ChangePage(QWidget):
    """Parts under each other, each of which can be folded away."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.pairs = ChangePairs()
        self.detect = ChangeDetect()
        self.results = ChangeResults()
        column = QVBoxLayout(self)
        for name, title, part in (
            ("changePairs", self.tr("Make pairs"), self.pairs),
            ("changeDetect", self.tr("Detect change"), self.detect),
        ):
            group = QgsCollapsibleGroupBox(title)
            group.setObjectName(name)
            inside = QVBoxLayout(group)
            inside.setContentsMargins(*MARGINS)
            inside.addWidget(part)
            column.addWidget(group)
        column.addWidget(self.results)
        column.addStretch(1)
        self.results.hide()
