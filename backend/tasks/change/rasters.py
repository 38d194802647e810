"""The rasters of a pair, from pixels in memory to COGs that say what they are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from backend.geo.atomic import Batch
from backend.geo.category_names import categories_text, sidecar
from backend.geo.class_rasters import MODE, Legend
from backend.geo.class_style import style_file, style_text
from backend.geo.mosaic_vrt import Band, Mosaic, Piece, picture_bands
from backend.geo.raster import Grid, Window
from backend.geo.synthetic import Synthetic
from backend.geo.whole_tiff import check_whole, writing_rasters
from backend.geo.write_cog import AVERAGE, NEAREST, cog_writer
from backend.models import oem

from .classes import Classes
from .transitions import NO_DATA

YES_NO = Legend(("unchanged", "changed"), ("#000000", "#FFFFFF"))
OF_MARGINS = Legend(("unchanged, to the bit", "changed"), YES_NO.colours)
"""Of changes with a margin."""
LEFT_OUT, GREY = "painted around, or no data", "#808080"
"""What `NO_DATA` is called there, and how it is drawn."""
OUTLINES = Legend(("none", "outline"), ("#000000", "#FFFFFF"))


@dataclass(frozen=True)
class Shelf:
    """Where the rasters of a pair go, on which grid."""

    batch: Batch
    folder: Path
    grid: Grid
    mark: Synthetic

    def picture(self, name: str, pixels: NDArray[np.uint8], valid: NDArray[np.bool_], synthetic: bool) -> None:
        """Add a picture (rows, columns, 3); where it has holes, with a band that says how opaque it is."""
        opaque = bool(valid.all())
        bands = list(np.moveaxis(pixels, 2, 0)) + ([] if opaque else [np.where(valid, 255, 0).astype(np.uint8)])
        self._add(name, _Raster(bands, picture_bands(opaque), AVERAGE, True), synthetic)

    def classes(self, name: str, values: NDArray[Any], legend: Legend, synthetic: bool) -> None:
        """Add a map of classes (rows, columns), 255 no data, with names and style of its values beside it."""
        path = self._classes(name, values, legend, synthetic)
        self.batch.add(sidecar(path), categories_text(legend.names, legend.rgba))
        self.batch.add(style_file(path), style_text(legend.names, legend.colours))

    def change(self, name: str, values: NDArray[Any], margin: bool) -> None:
        """Add a map of what changed (rows, columns), 0 or 1; with a margin 255 has a name and a grey of its own."""
        if not margin:
            self.classes(name, values, YES_NO, synthetic=True)
            return
        grey = Legend((LEFT_OUT,), (GREY,)).rgba[0]
        path = self._classes(name, values, OF_MARGINS, True, {f"VALUE_{NO_DATA}": LEFT_OUT})
        names, colours = OF_MARGINS.names, OF_MARGINS.colours
        self.batch.add(sidecar(path), categories_text(names, OF_MARGINS.rgba, beyond=(NO_DATA, LEFT_OUT, grey)))
        self.batch.add(style_file(path), style_text(names, colours, no_data=(NO_DATA, LEFT_OUT, GREY)))

    def numbers(self, name: str, values: NDArray[Any], synthetic: bool) -> None:
        """Add a map of numbered objects (rows, columns), 0 none."""
        band = Band(1, "object", "uint32", nodata=0)
        self._add(name, _Raster([values.astype(np.uint32)], [band], NEAREST), synthetic)

    def _classes(
        self, name: str, values: NDArray[Any], legend: Legend, synthetic: bool, tags: Mapping[str, str] | None = None
    ) -> Path:
        band = Band(1, "class", nodata=NO_DATA, colours=legend.rgba, categories=legend.names)
        return self._add(name, _Raster([values.astype(np.uint8)], [band], MODE), synthetic, tags)

    def _add(self, name: str, raster: _Raster, synthetic: bool, more: Mapping[str, str] | None = None) -> Path:
        tags = {"AREA_OR_POINT": "Area", **(self.mark.tags() if synthetic else {}), **(more or {})}
        xmp = self.mark.xmp() if synthetic else ""
        path = self.folder / name
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".raster") as beside:
            plain = Path(beside) / "plain.tif"
            raster.write(plain)
            piece = Piece(plain.name, Window(0, 0, self.grid.width, self.grid.height))
            vrt = Mosaic(self.grid, [piece], raster.bands, tags, xmp).write(Path(beside) / "all.vrt")
            self.batch.write(path, cog_writer(vrt, raster.overviews, picture=raster.picture))
        return path


@dataclass(frozen=True)
class _Raster:
    values: Sequence[NDArray[Any]]
    bands: Sequence[Band]
    overviews: str
    picture: bool = field(default=False)

    def write(self, path: Path) -> None:
        """Write the values as a GeoTIFF without a place. Raises DISK_FULL."""
        first = self.values[0]
        with writing_rasters():
            with rasterio.open(
                path, "w", driver="GTiff", dtype=first.dtype.name, count=len(self.values), width=first.shape[1],
                height=first.shape[0], tiled=True, blockxsize=512, blockysize=512, interleave="band",
            ) as dataset:  # fmt: skip
                for number, values in enumerate(self.values, 1):
                    dataset.write(values, number)
            check_whole(path)


def legend_of(classes: Classes) -> Legend:
    """Return names and colours of a person's classes: the colours of those of OpenEarthMap that they are like."""
    return Legend(classes.names, [oem.COLOURS[kind] for kind in classes.like])
