"""Objects that may go on in units to come: memory holds these, what is finished leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .pieces import Piece
from .seams import Groups

MOST_CORNERS = 200_000
"""An object whose outline has more is cut at the edge of the unit where it comes to that."""


@dataclass
class _Open:
    pieces: list[Piece] = field(default_factory=list)
    corners: int = 0


class OpenObjects:
    """Pieces by number, united to objects; numbers of what a unit sees beyond its edge have no piece yet, or never."""

    def __init__(self, most_corners: int = MOST_CORNERS) -> None:
        self._groups, self._open, self._most = Groups(), dict[int, _Open](), most_corners

    def add(self, pieces: Mapping[int, Piece]) -> None:
        """Add the pieces of a unit."""
        for number, piece in pieces.items():
            self._open[number] = _Open([piece], piece.corners)

    def unite(self, one: int, other: int) -> None:
        """Make one object of two."""
        roots = {self._groups.root(one), self._groups.root(other)}
        self._groups.unite(one, other)
        parts = sorted(
            (self._open.pop(root) for root in roots if root in self._open), key=lambda part: -len(part.pieces)
        )
        for part in parts[1:]:
            parts[0].pieces += part.pieces
            parts[0].corners += part.corners
        if parts:
            self._open[self._groups.root(one)] = parts[0]

    def too_long(self) -> Iterable[list[Piece]]:
        """Take out what has too many corners; what is united with it from now on is another object."""
        for number in [number for number, part in self._open.items() if part.corners > self._most]:
            yield self._open.pop(number).pieces

    def finished(self, seen: Iterable[int] = ()) -> Iterable[list[Piece]]:
        """Take out what has none of the numbers `seen`, all that units to come may meet."""
        going_on: dict[int, list[int]] = {}
        for number in seen:
            going_on.setdefault(self._groups.root(number), []).append(number)
        kept: dict[int, _Open] = {}
        self._groups = Groups()
        for root, numbers in going_on.items():
            for number in numbers:
                self._groups.unite(numbers[0], number)
            if root in self._open:
                kept[min(numbers)] = self._open.pop(root)
        done, self._open = self._open, kept
        return [part.pieces for part in done.values()]
