"""The look of a raster whose numbers are to be seen as they are: a style file beside it, which any QGIS reads."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .kinds import opened

ALPHA = 4
"""The band that says where there is data, where there is one."""
STYLE = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="AllStyleCategories">
 <pipe>
  <rasterrenderer {bands} opacity="1"/>
 </pipe>
</qgis>
"""
COLOUR = 'type="multibandcolor" redBand="1" greenBand="2" blueBand="3" alphaBand="{}"'
GREY = 'type="singlebandgray" grayBand="1"'


def write_colour_style(picture: Path) -> None:
    """Write the style of a picture, unless it has one; where that cannot be, QGIS shows it in its own way.

    Without it QGIS would read through the pixels when the layer is made, and write what it found beside them.
    """
    style = picture.with_suffix(".qml")
    dataset = None if style.exists() else opened(picture)
    if dataset is not None:
        with suppress(OSError):
            colour = COLOUR.format(ALPHA if dataset.RasterCount >= ALPHA else -1)
            bands = GREY if dataset.RasterCount == 1 else colour
            style.write_text(STYLE.format(bands=bands), encoding="utf-8")
