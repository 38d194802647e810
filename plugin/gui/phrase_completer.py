"""Completes the phrase being typed, not the whole line: after each semicolon it starts anew."""

from __future__ import annotations

from typing import Iterable, List, Optional

from qgis.PyQt.QtCore import QModelIndex, QObject, QStringListModel, Qt
from qgis.PyQt.QtWidgets import QCompleter

from ..phrases import head_and_last


class PhraseCompleter(QCompleter):
    """Offers phrases that contain what was typed since the last semicolon."""

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._phrases = QStringListModel(self)
        self._head = ""
        self.setModel(self._phrases)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)

    def set_phrases(self, phrases: Iterable[str]) -> None:
        """Offer these, in their order, each once."""
        self._phrases.setStringList(list(dict.fromkeys(phrases)))

    def splitPath(self, path: str) -> List[str]:
        """Return what is looked for: the phrase being typed."""
        self._head, last = head_and_last(path)
        return [last]

    def pathFromIndex(self, index: QModelIndex) -> str:
        """Return the line with the phrase completed."""
        space = " " if self._head and not self._head.endswith(" ") else ""
        return self._head + space + str(index.data())
