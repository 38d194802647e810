"""Small files of vectors whose classes are known: three bands of columns, and a last row without data."""

import numpy as np
import pyogrio.raw
import rasterio
import shapely
from rasterio.transform import from_origin

from backend.geo.unit_bytes import to_bytes

WIDTH, ROWS, COLUMNS, CELL, LEFT, TOP = 8, 40, 60, 10, 300_000, 2_800_000
NAMES = ("land", "road", "water")


def truth():
    """Return the class (rows, columns) of every cell."""
    return np.repeat(np.arange(3), COLUMNS // 3)[None].repeat(ROWS, 0)


def vectors(seed=0, spread=0.25):
    """Return (width, rows, columns) of unit length, the last row NaN."""
    drawn = np.random.default_rng(seed)
    centres = np.random.default_rng(7).normal(size=(3, WIDTH))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    values = centres[truth()] + spread * drawn.normal(size=(ROWS, COLUMNS, WIDTH))
    values /= np.linalg.norm(values, axis=2, keepdims=True)
    values[-1] = np.nan
    return values.transpose(2, 0, 1).astype(np.float32)


def write_field(path, values, model="mini", weights="abc", crs="EPSG:32640"):
    """Write vectors as AlphaEarth stores them."""
    profile = {"driver": "GTiff", "dtype": "int8", "count": len(values), "nodata": -128, "crs": crs}
    size = {"height": values.shape[1], "width": values.shape[2]}
    with rasterio.open(path, "w", transform=from_origin(LEFT, TOP, CELL, CELL), **profile, **size) as dataset:
        dataset.write(to_bytes(values))
        dataset.update_tags(TOPOSCOPE_MODEL=model, TOPOSCOPE_WEIGHTS=weights)


def place(column, row):
    """Return the coordinates of a cell's middle."""
    return LEFT + (column + 0.5) * CELL, TOP - (row + 0.5) * CELL


def clicks(each=5, seed=1):
    """Return (class, point) pairs, as many of each class."""
    drawn = np.random.default_rng(seed)
    cells = [(index * 20 + drawn.integers(20), drawn.integers(ROWS - 1)) for index in range(3) for _ in range(each)]
    return [(NAMES[column // 20], shapely.Point(place(column, row))) for column, row in cells]


def write_layer(path, shown, crs="EPSG:32640", column="class"):
    """Write (class, shape) pairs as a layer."""
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array([shape for _, shape in shown], object)),
        field_data=[np.array([name for name, _ in shown], object)], fields=np.array([column], object),
        geometry_type="Unknown", driver="GPKG", crs=crs,
    )  # fmt: skip
