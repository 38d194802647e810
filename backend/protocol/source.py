"""What to read: a raster by reference, with the bands and stretch a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple


@dataclass(frozen=True)
class Stretch:
    """Source values `low` and `high` become 0 and 255; values beyond are clipped."""

    low: float
    high: float


@dataclass(frozen=True)
class Source:
    """A raster layer, by path on the backend's machine or by the id of an upload; exactly one is set.

    Attributes:
        path: absolute path of a file GDAL's raster drivers read.
        upload: id answered by `POST /uploads`, where the backend runs on another machine.
        bands: 1-based bands shown as red, green, blue; one band means grey; empty means the first three (or one).
        stretch: one per band, or one for all; empty means none for 8-bit data, else the 2nd to 98th percentile of the
            whole layer.
        nodata: overrides the file's own nodata value.
        crs: overrides a missing CRS, as WKT or an authority string.
        name: the layer's name for records, without credentials.
        origin: column and row of this raster's first pixel in the raster it was cut from (uploads of a part), so
            that the crop lattice stays anchored to the whole.
    """

    path: str = ""
    upload: str = ""
    bands: Tuple[int, ...] = ()
    stretch: Tuple[Stretch, ...] = ()
    nodata: Optional[float] = None
    crs: str = ""
    name: str = ""
    origin: Tuple[int, int] = (0, 0)
