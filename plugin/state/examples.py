"""What a person showed of things: clicks and outlines, each step of which can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry

WANTED, UNWANTED = "wanted", "unwanted"


@dataclass(frozen=True)
class Example:
    """A point or an area in `crs`, as QGIS shows it. `kind` is `WANTED`, `UNWANTED` or the id of a class."""

    kind: str
    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem


Shown = Tuple[Example, ...]


class ExampleList:
    """The examples with what undo and redo need."""

    def __init__(self) -> None:
        self.shown: Shown = ()
        self._past: List[Shown] = []
        self._future: List[Shown] = []

    @property
    def can_undo(self) -> bool:
        """Return whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Return whether there is a step to bring back."""
        return bool(self._future)

    def count(self, kind: str) -> int:
        """Return how many examples there are of a kind."""
        return sum(example.kind == kind for example in self.shown)

    def add(self, *examples: Example) -> None:
        """Add examples in one step."""
        self._step((*self.shown, *examples))

    def remove(self, kind: str) -> None:
        """Remove all of a kind in one step."""
        self._step(tuple(example for example in self.shown if example.kind != kind))

    def clear(self) -> None:
        """Remove all in one step."""
        if self.shown:
            self._step(())

    def undo(self) -> None:
        """Take the last step back."""
        if self._past:
            self._future.append(self.shown)
            self.shown = self._past.pop()

    def redo(self) -> None:
        """Bring the last step taken back again."""
        if self._future:
            self._past.append(self.shown)
            self.shown = self._future.pop()

    def _step(self, shown: Shown) -> None:
        self._past.append(self.shown)
        self._future.clear()
        self.shown = shown
