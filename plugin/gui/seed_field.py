"""A seed, and a dice that throws another one."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QHBoxLayout, QSpinBox, QToolButton, QWidget

LARGEST, THROWN = 2**31 - 1, 1_000_000
"""What may be written, and below what the dice stays: a number that a person can read out."""
DICE = Path(__file__).parents[2] / "resources" / "icons" / "dice.svg"


class SeedField(QWidget):
    """The same seed gives the same pixels."""

    changed = pyqtSignal()

    def __init__(self, name: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._number = QSpinBox()
        self._number.setObjectName(name)
        self._number.setRange(0, LARGEST)
        self._number.setMinimumWidth(90)
        self._number.setKeyboardTracking(False)
        self._number.setToolTip(self.tr("The same seed gives the same pixels; another one another picture."))
        self._dice = QToolButton()
        self._dice.setObjectName(f"{name}Dice")
        self._dice.setIcon(QIcon(str(DICE)))
        self._dice.setToolTip(self.tr("Throw another seed"))
        self._dice.setAccessibleName(self.tr("Throw another seed"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._number, 1)
        row.addWidget(self._dice)
        self._dice.clicked.connect(lambda _: self.throw())
        self._number.valueChanged.connect(lambda _: self.changed.emit())

    def value(self) -> int:
        """Return the seed."""
        return int(self._number.value())

    def set_value(self, seed: int) -> None:
        """Show a seed."""
        self._number.setValue(seed)

    def throw(self) -> None:
        """Take another seed, whichever comes."""
        self._number.setValue((self._number.value() + 1 + secrets.randbelow(THROWN - 1)) % THROWN)
