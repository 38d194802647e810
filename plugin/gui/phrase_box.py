"""Where phrases are written: a line with history, completion and examples."""

from __future__ import annotations

from typing import List, Optional

from qgis.PyQt.QtCore import QEvent, QObject, QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from ..phrases import split
from .phrase_completer import PhraseCompleter

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LONGEST = 10_000
"""Characters; what is longer is the backend's to refuse, this only keeps a pasted book out of the widget."""


class PhraseBox(QWidget):
    """`changed` fires with every edit, `entered` when the person presses Enter."""

    changed = pyqtSignal()
    entered = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._line = QComboBox()
        self._line.setObjectName("phrases")
        self._line.setEditable(True)
        self._line.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._line.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._line.lineEdit().setMaxLength(2 * LONGEST)
        self._line.lineEdit().setPlaceholderText(self.tr("swimming pool; parked aircraft"))
        self._completer = PhraseCompleter(self)
        self._line.setCompleter(self._completer)
        self._examples = QToolButton()
        self._examples.setObjectName("examples")
        self._examples.setText(self.tr("Examples"))
        self._examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._examples.setMenu(QMenu(self._examples))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(self._examples)
        self._line.editTextChanged.connect(lambda _: self.changed.emit())
        self._line.lineEdit().installEventFilter(self)
        self._history: List[str] = []
        self.set_examples(False)

    def text(self) -> str:
        """Return the line as it was written."""
        return self._line.currentText()

    def phrases(self) -> List[str]:
        """Return the phrases of the line."""
        return split(self.text())

    def set_text(self, text: str) -> None:
        """Write a line."""
        self._line.setEditText(text)

    def set_history(self, lines: List[str]) -> None:
        """Offer earlier lines for picking and their phrases for completion; the line itself stays."""
        text = self.text()
        blocker = QSignalBlocker(self._line)
        self._line.clear()
        self._line.addItems(lines)
        self._line.setEditText(text)
        blocker.unblock()
        self._history = lines
        self._offer()

    def set_examples(self, only_things: bool) -> None:
        """Offer examples: of things, and of what covers the ground where the model can tell that too."""
        self._lines = [*self._things(), *(() if only_things else self._covers())]
        self._examples.menu().clear()
        for line in self._lines:
            self._examples.menu().addAction(line, lambda line=line: self.set_text(line))
        self._offer()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of Enter, unless it picks a completion."""
        pressed = event.type() == QEvent.Type.KeyPress and event.key() in ENTER
        if pressed and not self._completer.popup().isVisible():
            self.entered.emit()
            return True
        return super().eventFilter(watched, event)

    def _offer(self) -> None:
        """Offer phrases of earlier lines and of examples for completion."""
        self._completer.set_phrases(phrase for line in (*self._history, *self._lines) for phrase in split(line))

    def _things(self) -> List[str]:
        return [
            self.tr("building; swimming pool"),
            self.tr("parked aircraft"),
            self.tr("solar panels; storage tank"),
            self.tr("ship; harbour"),
        ]

    def _covers(self) -> List[str]:
        return [
            self.tr("building; road; tree"),
            self.tr("flooded fields; river"),
            self.tr("forest; cropland; water; bare soil"),
        ]
