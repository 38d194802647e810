"""How QGIS draws a class map: a style it finds by its name beside the raster."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path


def style_file(path: Path) -> Path:
    """Return where QGIS looks for the style of the raster at `path`."""
    return path.with_suffix(".qml")


def style_text(names: Sequence[str], colours: Sequence[str]) -> bytes:
    """Return the file's text: a colour `#rrggbb` and a name for each value from 0 up.

    Without it QGIS lists all 256 colours that a GeoTIFF's table always has.
    """
    entries = "".join(
        f'<paletteEntry value="{value}" label="{escape(name)}" color="{colour}" alpha="255"/>'
        for value, (name, colour) in enumerate(zip(names, colours, strict=True))
    )
    about = 'type="paletted" band="1" alphaBand="-1" opacity="1" nodataColor=""'
    drawn = f"<rasterrenderer {about}><colorPalette>{entries}</colorPalette></rasterrenderer>"
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return f'{head}<qgis version="3.28" styleCategories="Symbology"><pipe>{drawn}</pipe></qgis>\n'.encode()
