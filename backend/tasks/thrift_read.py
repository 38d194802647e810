"""Reading the compact encoding of Thrift that `thrift.py` writes: structs as dictionaries by field id."""

from __future__ import annotations

from typing import Any

TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
DEEPEST = 32


class Reader:
    """Bytes with a place in them. Raises ValueError, IndexError where they are no Thrift."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Return the struct here and move behind it."""
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        found: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            found[number] = self._value(head & 0xF, depth + 1)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind == BYTE:
            return self._byte()
        if kind == DOUBLE:
            return self._take(8)
        if kind == BINARY:
            return self._take(self._unsigned())
        if kind in (LIST, SET):
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._unsigned()
            return [self._value(head & 0xF, depth) for _ in range(count)]
        if kind == STRUCT:
            return self.struct(depth)
        if kind in (4, 5, 6):
            return self._signed()
        raise ValueError(f"unknown kind {kind}")

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _take(self, count: int) -> bytes:
        if self.at + count > len(self._data):
            raise ValueError("cut off")
        self.at += count
        return self._data[self.at - count : self.at]

    def _unsigned(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 70:
                return found

    def _signed(self) -> int:
        number = self._unsigned()
        return number >> 1 ^ -(number & 1)
