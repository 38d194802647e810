"""The compact encoding of Thrift, as far as a Parquet footer needs it."""

from __future__ import annotations

Field = tuple[int, "Value"]
Value = int | bytes | list["Value"] | tuple["Field", ...]
"""A 64-bit integer by `I64`, a 32-bit one, bytes, a list, or a struct as a tuple of (field id, value)."""

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12


class I64Value(int):
    """An integer that Parquet declares as 64 bits wide."""


def varint(number: int) -> bytes:
    """Return an unsigned integer, seven bits a byte."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def struct(fields: tuple[Field, ...]) -> bytes:
    """Return a struct; fields come in the order of their ids."""
    found, last = bytearray(), 0
    for number, value in fields:
        found.append((number - last) << 4 | _kind(value))
        found += _encoded(value)
        last = number
    return bytes([*found, 0])


def _kind(value: Value) -> int:
    if isinstance(value, I64Value):
        return I64
    if isinstance(value, int):
        return I32
    if isinstance(value, bytes):
        return BINARY
    return LIST if isinstance(value, list) else STRUCT


def _encoded(value: Value) -> bytes:
    if isinstance(value, int):
        return varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if isinstance(value, bytes):
        return varint(len(value)) + value
    if isinstance(value, list):
        head = bytes([len(value) << 4 | _kind(value[0])]) if len(value) < 15 else b""
        head = head or bytes([0xF0 | _kind(value[0])]) + varint(len(value))
        return head + b"".join(_encoded(one) for one in value)
    return struct(value)
