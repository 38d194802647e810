"""Map tiles of a generated region, a folder or an MBTiles file, as layers."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

from qgis.core import QgsRasterLayer

from .colour_style import ALPHA
from .refused import Refused, tr

FOLDER_TOLD, FILE = "tiles.json", ".mbtiles"
"""What a folder of tiles says of itself in (TileJSON), and how a file of them ends."""


def are_tiles(name: str) -> bool:
    """Return whether a result of this name stands for map tiles."""
    return name.endswith((FOLDER_TOLD, FILE))


def are_here(path: Path) -> bool:
    """Return whether all tiles are on this machine; a folder's stay on the backend's."""
    return path.suffix == FILE or any(one.is_dir() for one in path.parent.iterdir())


def tile_layer(path: Path) -> QgsRasterLayer:
    """Return the tiles of an MBTiles file, or of the folder whose `tiles.json` this is.

    Raises:
        Refused: QGIS cannot read them.
    """
    layer = _file_layer(path) if path.suffix == FILE else _folder_layer(path)
    if not layer.isValid():
        raise Refused(tr("QGIS cannot read “{}”; run it again.").format(path.name))
    return layer


def _file_layer(path: Path) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(path), tr("map tiles (MBTiles)"))
    if layer.isValid() and layer.bandCount() >= ALPHA:
        layer.renderer().setAlphaBand(ALPHA)  # QGIS takes the style that lies beside, which is the GeoTIFF's
    return layer


def _folder_layer(path: Path) -> QgsRasterLayer:
    told = json.loads(path.read_text(encoding="utf-8"))
    address = quote(f"{path.parent.as_uri()}/{told['tiles'][0]}", safe=":/")
    source = f"type=xyz&url={address}&zmin={told['minzoom']}&zmax={told['maxzoom']}"
    return QgsRasterLayer(source, tr("map tiles (XYZ)"), "wms")
