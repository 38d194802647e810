"""How QGIS draws a class map: a style it finds by its name beside the raster."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path


def style_file(path: Path) -> Path:
    """Return where QGIS looks for the style of the raster at `path`."""
    return path.with_suffix(".qml")


def style_text(names: Sequence[str], colours: Sequence[str], no_data: tuple[int, str, str] | None = None) -> bytes:
    """Return the file's text: a colour `#rrggbb` and a name for each value from 0 up.

    `no_data` is value, name and colour of what has no data, where that is drawn too.
    Without it QGIS lists all 256 colours that a GeoTIFF's table always has.
    """
    named = [*zip(range(len(names)), names, colours, strict=True), *([no_data] if no_data else [])]
    entries = "".join(
        f'<paletteEntry value="{value}" label="{escape(name)}" color="{colour}" alpha="255"/>'
        for value, name, colour in named
    )
    hole = no_data[2] if no_data else ""
    about = f'type="paletted" band="1" alphaBand="-1" opacity="1" nodataColor="{hole}"'
    drawn = f"<rasterrenderer {about}><colorPalette>{entries}</colorPalette></rasterrenderer>"
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return f'{head}<qgis version="3.28" styleCategories="Symbology"><pipe>{drawn}</pipe></qgis>\n'.encode()
