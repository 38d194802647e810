"""A finished picture as web map tiles, finest zoom first, each coarser tile from its four: memory does not grow."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window as RasterWindow

from .mbtiles import MBTiles
from .raster import Grid
from .synthetic import TITLE
from .tile_lattice import SIDE, Spread, Tile, spread
from .tile_picture import PNG, burnt, encoded
from .whole_tiff import writing_rasters

Pixels = NDArray[np.uint8]
Progress = Callable[[float, str], None]
Put = Callable[[Tile, bytes], None]
METADATA = "tiles.json"


@dataclass(frozen=True)
class TileSet:
    """How a picture becomes tiles.

    Attributes:
        name: what a map calls it; `SYNTHETIC – ` is put before it where the picture's tags say so.
        kind: `png` or `jpg`.
        marked: the word SYNTHETIC is drawn into each tile of such a picture.
    """

    name: str
    attribution: str = ""
    kind: str = PNG
    marked: bool = True


def xyz_writer(source: Path, tiles: TileSet, progress: Progress) -> Callable[[Path], None]:
    """Return what fills an empty folder with `zoom/column/row.png` and `tiles.json` (TileJSON 3.0.0).

    `source` is a GeoTIFF of ours, of red, green, blue and perhaps alpha. `progress` may raise `Cancelled`. What is
    returned raises OSError, DISK_FULL and what `spread` does.
    """

    def write(folder: Path) -> None:
        def put(tile: Tile, data: bytes) -> None:
            path = folder / str(tile.zoom) / str(tile.col) / f"{tile.row}.{tiles.kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

        about = _cut(source, tiles, put, progress)
        told = {"tilejson": "3.0.0", "tiles": [f"{{z}}/{{x}}/{{y}}.{tiles.kind}"], "scheme": "xyz", **about}
        text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
        (folder / METADATA).write_text(text, encoding="utf-8")

    return write


def mbtiles_writer(source: Path, tiles: TileSet, progress: Progress) -> Callable[[Path], None]:
    """Return what writes an MBTiles 1.3 file to the path it is given. `source`, `progress` and errors as above."""

    def write(path: Path) -> None:
        with closing(MBTiles(path)) as file:
            file.finish({**_cut(source, tiles, file.put, progress), "format": tiles.kind})

    return write


def _cut(source: Path, tiles: TileSet, put: Put, progress: Progress) -> dict[str, Any]:
    """Give all tiles to `put` and return what tells of them."""
    with writing_rasters(), rasterio.open(source, driver="GTiff") as dataset:
        grid = Grid(dataset.width, dataset.height, dataset.transform, dataset.crs.to_wkt() if dataset.crs else "")
        needed, tags = spread(grid), dataset.tags()
        synthetic = tags.get("AI_GENERATED") == "YES"
        xmp = dataset.tags(ns="xml:XMP").get("xml:XMP", "")

        def give(tile: Tile, picture: Pixels) -> None:
            put(tile, encoded(burnt(picture) if synthetic and tiles.marked else picture, tiles.kind, xmp))

        with _mercator(dataset, needed) as warped:
            pyramid = _Pyramid(warped, needed, give, progress)
            for root in needed.roots():
                pyramid.make(root)
    return {
        "name": TITLE + tiles.name if synthetic else tiles.name,
        "description": tags.get("TIFFTAG_IMAGEDESCRIPTION", ""),
        "attribution": tiles.attribution,
        "minzoom": needed.low,
        "maxzoom": needed.high,
        "bounds": [round(degree, 7) for degree in needed.bounds],
    }


def _mercator(dataset: Any, needed: Spread) -> Any:
    return WarpedVRT(
        dataset,
        crs="EPSG:3857",
        transform=needed.transform,
        width=(needed.right - needed.left) * SIDE,
        height=(needed.bottom - needed.top) * SIDE,
        resampling=Resampling.bilinear,
        add_alpha=ColorInterp.alpha not in dataset.colorinterp,
    )


class _Pyramid:
    """Tiles, depth first: at any time four of each zoom are held."""

    def __init__(self, warped: Any, needed: Spread, give: Callable[[Tile, Pixels], None], progress: Progress) -> None:
        self._warped, self._needed, self._give, self._progress = warped, needed, give, progress
        self._read = 0

    def make(self, tile: Tile) -> Pixels | None:
        """Give a tile and all that lie in it, and return it (4, SIDE, SIDE); None where nothing is to be seen."""
        picture = self._finest(tile) if tile.zoom == self._needed.high else self._coarser(tile)
        if picture is not None:
            self._give(tile, picture)
        return picture

    def _finest(self, tile: Tile) -> Pixels | None:
        self._progress(100 * self._read / self._needed.count, f"Tile {self._read + 1} of {self._needed.count}")
        self._read += 1
        col, row = (tile.col - self._needed.left) * SIDE, (tile.row - self._needed.top) * SIDE
        picture: Pixels = self._warped.read(window=RasterWindow(col, row, SIDE, SIDE))
        return picture if picture[3].any() else None

    def _coarser(self, tile: Tile) -> Pixels | None:
        parts = [self.make(part) if self._needed.needs(part) else None for part in tile.quarters()]
        if all(part is None for part in parts):
            return None
        empty = np.zeros((4, SIDE, SIDE), np.uint8)
        upper_left, upper_right, lower_left, lower_right = (empty if part is None else part for part in parts)
        return _halved(np.block([[upper_left, upper_right], [lower_left, lower_right]]))


def _halved(picture: Pixels) -> Pixels:
    """Return the mean of each 2 x 2 pixels, their colours weighted by how opaque they are."""
    fours = picture.reshape(4, SIDE, 2, SIDE, 2).astype(np.uint32)
    share = fours[3].sum(axis=(1, 3))
    colours = (fours[:3] * fours[3]).sum(axis=(2, 4))
    known = np.maximum(share, 1)
    return np.concatenate([(colours + known // 2) // known, (share[None] + 2) // 4]).astype(np.uint8)
