"""Names of a class map's values, as GDAL keeps them beside a raster: its categories, or its attribute table's names."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree  # nosec B405 # see below

from backend.geo.category_names import NAME, VALUE, sidecar

LARGEST = 4_000_000
"""Bytes: no file of so many names is read."""


def read_categories(path: Path) -> dict[int, str]:
    """Return the name of each value of the first band of the raster at `path`; none where nothing tells them."""
    beside = sidecar(path)
    if not beside.is_file() or beside.stat().st_size > LARGEST:
        return {}
    try:
        text = beside.read_bytes()
        if b"<!" in text:  # what GDAL writes declares nothing, so that no entity can grow
            return {}
        root = ElementTree.fromstring(text)  # nosec B314
    except (OSError, ElementTree.ParseError):
        return {}
    band = root.find("PAMRasterBand")
    if band is None:
        return {}
    listed = {value: (one.text or "").strip() for value, one in enumerate(band.findall("CategoryNames/Category"))}
    return {value: name for value, name in (listed or _tabled(band)).items() if name}


def _tabled(band: ElementTree.Element) -> dict[int, str]:
    table = band.find("GDALRasterAttributeTable")
    if table is None:
        return {}
    names = [(field.findtext("Name") or "") for field in table.findall("FieldDefn")]
    if NAME not in names or VALUE not in names:
        return {}
    found = {}
    for row in table.findall("Row"):
        cells = [(cell.text or "").strip() for cell in row.findall("F")]
        if len(cells) == len(names) and cells[names.index(VALUE)].isdecimal():
            found[int(cells[names.index(VALUE)])] = cells[names.index(NAME)]
    return found
