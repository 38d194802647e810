"""Frozen dataclasses to JSON objects and back, checked field by field.

Defaults are omitted on the wire. Reading names the field that is wrong (`prompts.points[2].x`), refuses
unknown fields and never coerces, except an integer where a float is meant. A type's reader is built once: answers with
ten thousand corners are read on QGIS's main thread.
"""

from __future__ import annotations

import dataclasses
import sys
import typing
from functools import cache
from typing import Any, Callable, Dict, Type, TypeVar, Union

T = TypeVar("T")
Reader = Callable[[Any], Any]
LARGEST = sys.float_info.max


class WireError(ValueError):
    """A message does not have the form its type says; the text names the field."""


def dump(value: Any) -> Any:
    """Return `value` as JSON-ready data; dataclass fields equal to their default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: dump(getattr(value, f.name)) for f in dataclasses.fields(value) if not _is_default(value, f)}
    if isinstance(value, (list, tuple)):
        return [dump(item) for item in value]
    if isinstance(value, dict):
        return {key: dump(item) for key, item in value.items()}
    return value


def load(kind: Type[T], data: Any) -> T:
    """Return `data` (parsed JSON) as an instance of the dataclass `kind`.

    Raises:
        WireError: a field is missing, unknown or of the wrong type.
    """
    try:
        return typing.cast(T, _reader(typing.cast(Any, kind))(data))
    except _Misread as error:
        raise WireError(error.text()) from None


class _Misread(Exception):
    """What is wrong with a value; where it is is added by the readers around it on the way out."""

    def __init__(self, sentence: str, *steps: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.steps = list(steps)

    def text(self) -> str:
        where = "".join(reversed(self.steps)).lstrip(".")
        return self.sentence.format(repr(where or "the message"))


def _is_default(value: Any, field: Any) -> bool:
    current = getattr(value, field.name)
    if field.default is not dataclasses.MISSING:
        return bool(current == field.default and type(current) is type(field.default))
    if field.default_factory is not dataclasses.MISSING:
        return bool(current == field.default_factory())
    return False


@cache
def _reader(kind: Any) -> Reader:
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is Union:
        inner = _reader(next(a for a in args if a is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return _list_reader(_reader(args[0]))
        return _fixed_reader([_reader(arg) for arg in args])
    if origin is dict:
        return _object_reader(_reader(args[1]))
    if kind is Any:
        return lambda data: data
    return _read_float if kind is float else _scalar_reader(kind)


def _dataclass_reader(kind: Any) -> Reader:
    hints = typing.get_type_hints(kind)
    readers = {name: _reader(hint) for name, hint in hints.items()}
    required = [f.name for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING]

    def read(data: Any) -> Any:
        _expect(isinstance(data, dict), "an object")
        unknown = sorted(set(data) - set(readers))
        if unknown:
            raise _Misread("unknown field {}", "." + unknown[0])
        for name in required:
            if name not in data:
                raise _Misread("missing field {}", "." + name)
        return kind(**_fields(data, readers))

    return read


def _fields(data: Dict[str, Any], readers: Dict[str, Reader]) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    name = ""
    try:
        for name, item in data.items():
            found[name] = readers[name](item)
    except _Misread as error:
        error.steps.append("." + name)
        raise
    return found


def _object_reader(inner: Reader) -> Reader:
    def read(data: Any) -> Any:
        _expect(isinstance(data, dict) and all(isinstance(key, str) for key in data), "an object")
        return _fields(data, dict.fromkeys(data, inner))

    return read


def _list_reader(inner: Reader) -> Reader:
    def read(data: Any) -> Any:
        _expect(isinstance(data, list), "a list")
        found: typing.List[Any] = []
        try:
            for item in data:
                found.append(inner(item))
        except _Misread as error:
            error.steps.append(f"[{len(found)}]")
            raise
        return tuple(found)

    return read


def _fixed_reader(inner: typing.List[Reader]) -> Reader:
    wanted = f"a list of {len(inner)}"

    def read(data: Any) -> Any:
        _expect(isinstance(data, list), "a list")
        _expect(len(data) == len(inner), wanted)
        found: typing.List[Any] = []
        try:
            for reader, item in zip(inner, data):
                found.append(reader(item))
        except _Misread as error:
            error.steps.append(f"[{len(found)}]")
            raise
        return tuple(found)

    return read


def _read_float(data: Any) -> float:
    number = type(data) is float or (isinstance(data, (int, float)) and not isinstance(data, bool))
    _expect(number and -LARGEST <= data <= LARGEST, "a finite number")
    return float(data)


def _scalar_reader(kind: Any) -> Reader:
    wanted = {str: "text", int: "a whole number", bool: "true or false"}[kind]

    def read(data: Any) -> Any:
        _expect(type(data) is kind, wanted)
        return data

    return read


def _expect(condition: bool, wanted: str) -> None:
    if not condition:
        raise _Misread(f"{{}} must be {wanted}")
