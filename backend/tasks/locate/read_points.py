"""Points from a file: a table with two columns of coordinates (CSV, Parquet), or a layer of points."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from backend.errors import BadInput
from backend.geo.read_parquet import read_parquet
from backend.protocol import codes

from .points import DEGREES, Column, Points, checked_file, in_degrees
from .read_layer import LAYERS, read_layer

TABLES = (".csv", ".parquet")
DELIMITERS = (",", ";", "\t")
PAIRS = (("lon", "lat"), ("longitude", "latitude"), ("x", "y"))
"""Columns of coordinates that need no naming, in capitals or not."""


def read_points(path: Path, lon: str = "", lat: str = "", crs: str = "", layer: str = "") -> Points:
    """Return the points in the file at `path`.

    `lon` and `lat` name the columns of a table, which are degrees unless `crs` says otherwise; without them a table has
    one of `PAIRS`, and no other. A layer has its own CRS, and `crs` is for one that has none.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_REFUSED, PARAMETER_INVALID; the sentence says which row.
    """
    checked_file(path)
    suffix = path.suffix.lower()
    if suffix in LAYERS:
        if lon or lat:
            detail = f"{path.name!r} is a layer with coordinates of its own; leave out --lon and --lat."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return read_layer(path, crs, layer)
    if suffix not in TABLES:
        known = ", ".join((*TABLES, *LAYERS))
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} is of a kind that is not read; give one of {known}.")
    columns = _csv(path) if suffix == ".csv" else _parquet(path)
    if not (lon or lat):
        lon, lat = _usual(columns)
    if not (lon and lat):
        detail = f"Name the columns with --lon and --lat; {path.name!r} has {', '.join(columns)}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    table = Points(path.name, np.empty((0, 2)), columns)
    xy = np.stack([_numbers(table, lon), _numbers(table, lat)], axis=1)
    return Points(path.name, in_degrees(path.name, xy, crs or DEGREES), columns)


def as_column(texts: list[str]) -> Column:
    """Return numbers where each text that is not empty is one, else the texts."""
    try:
        return np.array([float(text) if text.strip() else np.nan for text in texts])
    except ValueError:
        return texts


def _usual(columns: Iterable[str]) -> tuple[str, str]:
    """Return the one pair of `PAIRS` that is there; empty names where there is none, or several."""
    names = list(columns)
    found = [(lon, lat) for lon in names for lat in names if (lon.lower(), lat.lower()) in PAIRS]
    return found[0] if len(found) == 1 else ("", "")


def _csv(path: Path) -> dict[str, Column]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            rows = [row for row in csv.reader(file, delimiter=max(DELIMITERS, key=head.count), strict=True) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        detail = f"{path.name!r} cannot be read as a table of UTF-8 text; save it as CSV again."
        raise BadInput(codes.SOURCE_UNREADABLE, detail) from error
    if len(rows) < 2:
        raise BadInput(codes.SOURCE_UNREADABLE, f"{path.name!r} has no rows below a line of names.")
    names, rows = [name.strip() for name in rows[0]], rows[1:]
    ragged = next((number for number, row in enumerate(rows, 1) if len(row) != len(names)), 0)
    if ragged:
        detail = f"Row {ragged} of {path.name!r} has {len(rows[ragged - 1])} values for {len(names)} columns; mend it."
        raise BadInput(codes.SOURCE_UNREADABLE, detail)
    return {name: as_column([row[index] for row in rows]) for index, name in enumerate(names)}


def _parquet(path: Path) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, values in read_parquet(path).items():
        if isinstance(values, list):
            columns[name] = values
        elif values.ndim == 1:
            columns[name] = values.astype(np.float64)
    return columns


def _numbers(table: Points, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = table.column(name)
    if isinstance(values, list):
        row = next(row for row, text in enumerate(values, 1) if isinstance(as_column([text]), list))
        detail = f"Row {row} of {table.name!r} has {values[row - 1]!r:.40} in {name!r}, which is no number."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return values
