"""Prompts, bands and stretches as a command line and a prompt file write them."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.prompts import Box, Point, Prompts
from backend.protocol.source import Stretch

MAX_BYTES = 256 * 2**20


def parse_point(text: str) -> Point:
    """Return `X,Y` or `X,Y,LABEL` as a point. Raises PROMPT_INVALID."""
    numbers = _numbers(text)
    if len(numbers) not in (2, 3):
        raise BadInput(codes.PROMPT_INVALID, f"--point {text!r} is not X,Y or X,Y,LABEL.")
    return _point(numbers, f"--point {text!r}")


def parse_box(text: str) -> Box:
    """Return `X0,Y0,X1,Y1` as a box. Raises PROMPT_INVALID."""
    numbers = _numbers(text)
    if len(numbers) != 4:
        raise BadInput(codes.PROMPT_INVALID, f"--box {text!r} is not X0,Y0,X1,Y1.")
    return Box(*numbers)


def parse_bands(text: str | None) -> tuple[int, ...]:
    """Return `4,3,2` as band numbers, nothing as none. Raises PARAMETER_INVALID."""
    parts = text.split(",") if text else []
    if not all(part.strip().isdecimal() for part in parts):
        raise BadInput(codes.PARAMETER_INVALID, f"--bands {text!r} is not one band number or three.")
    return tuple(int(part) for part in parts)


def parse_stretch(text: str) -> tuple[Stretch, ...]:
    """Return `LOW,HIGH`, or such a pair a band with semicolons between, nothing as none. Raises PARAMETER_INVALID."""
    pairs = [_numbers(part) for part in text.split(";")] if text else []
    if any(len(pair) != 2 for pair in pairs):
        raise BadInput(codes.PARAMETER_INVALID, f"--stretch {text!r} is not LOW,HIGH or LOW,HIGH;LOW,HIGH;LOW,HIGH.")
    return tuple(Stretch(low, high) for low, high in pairs)


def read_prompts(path: Path, pixel: bool) -> tuple[Prompts, ...]:
    """Return the objects of a file with `{"id":…, "points":[[x,y,label]…], "box":[x0,y0,x1,y1]|null}` a line.

    Raises:
        BadInput: PROMPT_INVALID, naming the line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(codes.PROMPT_INVALID, f"{path.name!r} is too large for a prompt file.")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(codes.PROMPT_INVALID, f"The prompt file {path.name!r} cannot be read as text.") from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise BadInput(codes.PROMPT_INVALID, f"The prompt file {path.name!r} is empty.")
    return tuple(_prompts(line, f"{path.name}, line {number}", pixel) for number, line in numbered)


def _prompts(line: str, where: str, pixel: bool) -> Prompts:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(codes.PROMPT_INVALID, f"{where} is not JSON.") from error
    if not isinstance(data, dict) or not set(data) <= {"id", "points", "box"}:
        raise BadInput(codes.PROMPT_INVALID, f"{where} must be an object with id, points and box.")
    name, points, box = data.get("id"), data.get("points") or [], data.get("box")
    if not isinstance(name, (str, int)) or isinstance(name, bool) or name == "":
        raise BadInput(codes.PROMPT_INVALID, f"{where} has no id (text or a whole number).")
    if not isinstance(points, list) or not all(_are_numbers(point, (2, 3)) for point in points):
        raise BadInput(codes.PROMPT_INVALID, f"{where}: points must be a list of [x, y, label].")
    if box is not None and not _are_numbers(box, (4,)):
        raise BadInput(codes.PROMPT_INVALID, f"{where}: box must be [x0, y0, x1, y1] or null.")
    return Prompts(str(name), tuple(_point(point, where) for point in points), Box(*box) if box else None, pixel)


def _point(numbers: list[float], where: str) -> Point:
    label = numbers[2] if len(numbers) == 3 else 1
    if label not in (0, 1):
        raise BadInput(codes.PROMPT_INVALID, f"{where} has a label other than 1 (object) and 0 (background).")
    return Point(float(numbers[0]), float(numbers[1]), int(label))


def _are_numbers(value: Any, lengths: tuple[int, ...]) -> bool:
    return isinstance(value, list) and len(value) in lengths and all(_is_number(item) for item in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return []
    return numbers if all(math.isfinite(number) for number in numbers) else []
