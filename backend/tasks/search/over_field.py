"""A raster of vectors searched piece by piece: similarity as a map of bytes, its regions as places."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from backend.geo.measure import ground_pixel
from backend.geo.mosaic_vrt import Band, Mosaic, Piece
from backend.geo.pyramid import windows
from backend.geo.raster import Grid, Window
from backend.geo.whole_tiff import check_whole, writing_rasters
from backend.one_thread import numpy_on_one_thread
from backend.tasks.ground.area import Area
from backend.tasks.ground.rasters import grid_of
from backend.tasks.vectors.field import VectorField

from .apart import far_shapes
from .asked import Wanted
from .found import Found
from .likeness import NO_SCORE, STEPS, Likeness, as_bytes
from .regions import Region, regions

SIDE = 256
TRUST = 16
"""Cells at the threshold that are added to a region before its mean ranks it, so that no speck comes first."""
HELD = 20_000
"""Regions that are remembered besides those wanted: the best so far, of which some lie too close to each other."""


@dataclass(frozen=True)
class FieldSearch:
    """One search; the map of bytes lies in `folder`."""

    field: VectorField
    likeness: Likeness
    area: Area
    folder: Path

    @property
    def grid(self) -> Grid:
        """Return the grid of the area."""
        return grid_of(self.area.window, self.field.grid)

    def scan(self, progress: Callable[[float], None]) -> Path:
        """Write the bytes of every cell of the area to a plain GeoTIFF, and return the VRT that says what they mean."""
        grid, path = self.grid, self.folder / "similarity.tif"
        pieces = list(windows(grid, SIDE))
        with writing_rasters():
            with rasterio.open(
                path, "w", driver="GTiff", dtype="uint8", count=1, width=grid.width, height=grid.height, tiled=True,
                blockxsize=SIDE, blockysize=SIDE, bigtiff="if_safer", compress="deflate", zlevel=1,
            ) as dataset:  # fmt: skip
                for index, window in enumerate(pieces):
                    progress(index / len(pieces))
                    where = RasterWindow(window.col, window.row, window.width, window.height)
                    dataset.write(self._bytes(window), 1, window=where)
            check_whole(path)
        scale = (self.likeness.high - self.likeness.low) / STEPS
        band = Band(1, "similarity", nodata=NO_SCORE, scale=scale)
        piece = Piece(path.name, Window(0, 0, grid.width, grid.height))
        tags = {"AREA_OR_POINT": "Area", "TOPOSCOPE_TASK": "search", **self.field.identity.tags}
        return Mosaic(grid, [piece], [band], tags).write(self.folder / "similarity.vrt")

    def places(self, wanted: Wanted, progress: Callable[[float], None], notify: Callable[[str], None]) -> list[Found]:
        """Return the best regions of what `scan` wrote, the best first."""
        least = self._least(wanted)
        if least > STEPS:
            return []
        best = _best(self._regions(least, progress), least, wanted.most, notify)
        order: Iterable[int] = range(len(best))
        if wanted.distance:
            across, down = ground_pixel(self.field.grid)
            scale = np.array([across or 1.0, down or 1.0])
            metric = [shapely.transform(one.polygon, lambda xy: xy * scale) for one in best]
            order = far_shapes(metric, wanted.distance)
        kept = [best[place] for _, place in zip(range(wanted.most), order, strict=False)]
        return [self._found(region) for region in kept]

    def _bytes(self, window: Window) -> NDArray[np.uint8]:
        at = self.area.window
        source = Window(at.col + window.col, at.row + window.row, window.width, window.height)
        found = np.full((window.height, window.width), NO_SCORE, np.uint8)
        if not self.area.touches(source):
            return found
        vectors = self.field.read(source)
        known = ~np.isnan(vectors).any(axis=0) & self.area.mask(source)
        if known.any():
            with numpy_on_one_thread():
                found[known] = as_bytes(self.likeness, np.ascontiguousarray(vectors[:, known].T))
        return found

    def _least(self, wanted: Wanted) -> int:
        """Return the byte from which a cell counts."""
        low, high = self.likeness.low, self.likeness.high
        threshold = self.likeness.threshold if wanted.threshold is None else wanted.threshold
        return max(0, int(np.ceil(np.round((threshold - low) / (high - low) * STEPS, 6))))

    def _regions(self, least: int, progress: Callable[[float], None]) -> Iterator[Region]:
        grid = self.grid
        with rasterio.open(self.folder / "similarity.tif") as dataset:

            def read(window: Window) -> NDArray[np.uint8]:
                where = RasterWindow(window.col, window.row, window.width, window.height)
                return np.asarray(dataset.read(1, window=where))

            yield from regions(read, grid.width, grid.height, least, NO_SCORE, progress)

    def _found(self, region: Region) -> Found:
        a, b, c, d, e, f = self.grid.transform[:6]
        turn, corner = np.array([[a, d], [b, e]]), np.array([c, f])
        shape = shapely.transform(region.polygon, lambda xy: xy @ turn + corner)
        step = (self.likeness.high - self.likeness.low) / STEPS
        return Found(shape, self.likeness.low + step * region.mean, self.likeness.low + step * region.most)


def _best(found: Iterator[Region], least: int, most: int, notify: Callable[[str], None]) -> Sequence[Region]:
    """Return the regions of the best mean (see `TRUST`), the best first; of those that are equal the earlier."""
    held: list[tuple[float, int, int, Region]] = []
    lost = False
    for number, region in enumerate(found):
        trusted = (region.total + TRUST * least) / (region.cells + TRUST)
        entry = trusted, region.cells, -number, region
        if len(held) < HELD + most:
            heapq.heappush(held, entry)
        else:
            heapq.heappushpop(held, entry)
            lost = True
    if lost:
        count = len(held)
        notify(f"There are more regions than can be ranked at a time; the best {count} were. Raise the threshold.")
    return [region for *_, region in sorted(held, key=lambda entry: entry[:3], reverse=True)]
