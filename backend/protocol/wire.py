"""Frozen dataclasses to JSON objects and back, checked field by field.

Defaults are omitted on the wire. Reading names the field that is wrong (`prompts.points[2].x`), refuses
unknown fields and never coerces, except an integer where a float is meant.
"""

from __future__ import annotations

import dataclasses
import math
import typing
from functools import cache
from typing import Any, Dict, Type, TypeVar, Union

T = TypeVar("T")


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
    return typing.cast(T, _read(kind, data, ""))


def _is_default(value: Any, field: Any) -> bool:
    current = getattr(value, field.name)
    if field.default is not dataclasses.MISSING:
        return bool(current == field.default and type(current) is type(field.default))
    if field.default_factory is not dataclasses.MISSING:
        return bool(current == field.default_factory())
    return False


@cache
def _hints(kind: Any) -> Dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, data: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, data, where)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is Union:
        return None if data is None else _read(next(a for a in args if a is not type(None)), data, where)
    if origin is tuple:
        return _read_tuple(args, data, where)
    if origin is dict:
        _expect(isinstance(data, dict) and all(isinstance(key, str) for key in data), where, "an object")
        return {key: _read(args[1], item, _join(where, key)) for key, item in data.items()}
    return _read_scalar(kind, data, where)


def _read_dataclass(kind: Any, data: Any, where: str) -> Any:
    _expect(isinstance(data, dict), where, "an object")
    hints = _hints(kind)
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise WireError(f"unknown field {_join(where, unknown[0])!r}")
    required = [f.name for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING]
    for name in required:
        if name not in data:
            raise WireError(f"missing field {_join(where, name)!r}")
    return kind(**{name: _read(hints[name], item, _join(where, name)) for name, item in data.items()})


def _read_tuple(args: Any, data: Any, where: str) -> Any:
    _expect(isinstance(data, list), where, "a list")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_read(args[0], item, f"{where}[{i}]") for i, item in enumerate(data))
    _expect(len(data) == len(args), where, f"a list of {len(args)}")
    return tuple(_read(arg, item, f"{where}[{i}]") for i, (arg, item) in enumerate(zip(args, data)))


def _read_scalar(kind: Any, data: Any, where: str) -> Any:
    if kind is Any:
        return data
    if kind is float:
        number = isinstance(data, (int, float)) and not isinstance(data, bool)
        _expect(number and math.isfinite(data), where, "a finite number")
        return float(data)
    _expect(type(data) is kind, where, {str: "text", int: "a whole number", bool: "true or false"}[kind])
    return data


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _expect(condition: bool, where: str, wanted: str) -> None:
    if not condition:
        raise WireError(f"{where or 'the message'!r} must be {wanted}")
