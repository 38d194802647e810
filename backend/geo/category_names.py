"""Names and counts of a class map's values, as GDAL keeps them beside a GeoTIFF, which has no place for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

Colour = tuple[int, int, int, int]
NAME, RED, GREEN, BLUE, ALPHA, VALUE = "Name", "Red", "Green", "Blue", "Alpha", "Value"
INTEGER, REAL, TEXT = 0, 1, 2
USAGES = {VALUE: 5, NAME: 2, RED: 6, GREEN: 7, BLUE: 8, ALPHA: 9}
"""GDAL's numbers: GFU_MinMax, GFU_Name, GFU_Red and so on."""


def sidecar(path: Path) -> Path:
    """Return where they lie."""
    return path.with_name(f"{path.name}.aux.xml")


def categories_text(
    names: Sequence[str],
    colours: Sequence[Colour] = (),
    more: Mapping[str, Sequence[float]] | None = None,
    beyond: tuple[int, str, Colour] | None = None,
) -> bytes:
    """Return the file's text: the name of each value from 0 up; with `colours`, also as an attribute table.

    `more` are further columns of that table, a number for each value; `beyond` is a value further up that has a name,
    without such numbers: those between have none.
    """
    all_names = [*names, *[""] * (beyond[0] - len(names)), beyond[1]] if beyond else names
    listed = "".join(f"<Category>{escape(name)}</Category>" for name in all_names)
    entries = [*zip(range(len(names)), names, colours, strict=True), *([beyond] if beyond else [])] if colours else []
    table = _table(entries, more or {}) if entries else ""
    band = f'<PAMRasterBand band="1"><CategoryNames>{listed}</CategoryNames>{table}</PAMRasterBand>'
    return f"<PAMDataset>{band}</PAMDataset>\n".encode()


def _table(entries: Sequence[tuple[int, str, Colour]], more: Mapping[str, Sequence[float]]) -> str:
    fields = [(VALUE, INTEGER), (NAME, TEXT), (RED, INTEGER), (GREEN, INTEGER), (BLUE, INTEGER), (ALPHA, INTEGER)]
    lines = [_field(index, *field) for index, field in enumerate([*fields, *((name, REAL) for name in more)])]
    for row, (value, name, colour) in enumerate(entries):
        cells = [str(value), escape(name), *map(str, colour), *(f"{more[key][row]:.6g}" for key in more)]
        lines.append(f'<Row index="{row}">{"".join(f"<F>{cell}</F>" for cell in cells)}</Row>')
    return f'<GDALRasterAttributeTable tableType="thematic">{"".join(lines)}</GDALRasterAttributeTable>'


def _field(index: int, name: str, kind: int) -> str:
    about = f"<Name>{escape(name)}</Name><Type>{kind}</Type><Usage>{USAGES.get(name, 0)}</Usage>"
    return f'<FieldDefn index="{index}">{about}</FieldDefn>'
