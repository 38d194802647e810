"""Published embeddings in small, as their publishers lay them out."""

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio
import shapely
from affine import Affine
from rasterio.enums import Resampling

from backend.geo.unit_bytes import at_unit_length, to_bytes
from backend.tasks.vectors.product import ALPHA_EARTH_BANDS

NORTH_UP = Affine(10, 0, 600000, 0, -10, 5700000)


def smooth(width, rows, columns, seed=0):
    drawn = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns] / 40
    parts = drawn.normal(size=(width, 4, 1, 1))
    found = parts[:, 0] * np.sin(x) + parts[:, 1] * np.cos(y) + parts[:, 2] * np.sin(x * y) + parts[:, 3]
    return at_unit_length(found).astype(np.float32)


def means(vectors, step):
    """The mean direction of squares, cell by cell."""
    width, rows, columns = vectors.shape
    found = np.full((width, -(-rows // step), -(-columns // step)), np.nan)
    for row in range(found.shape[1]):
        for column in range(found.shape[2]):
            square = vectors[:, row * step : (row + 1) * step, column * step : (column + 1) * step].reshape(width, -1)
            if not np.isnan(square).all():
                found[:, row, column] = np.nanmean(square, axis=1)
    return at_unit_length(found)


def save(path, stored, names=(), transform=NORTH_UP, tags=None, **profile):
    count, height, width = stored.shape
    profile |= {"driver": "GTiff", "dtype": stored.dtype.name, "count": count, "height": height, "width": width}
    with rasterio.open(path, "w", crs="EPSG:32631", transform=transform, **profile) as dataset:
        dataset.write(stored)
        for band, name in enumerate(names, 1):
            dataset.set_band_description(band, name)
        dataset.update_tags(**(tags or {}))
    return path


def alpha_earth(path, vectors, south_up=False):
    """As AlphaEarth's: int8, 64 bands one after another, overviews of renormalised means, south up by a matrix."""
    stored = to_bytes(vectors)
    rows = stored.shape[1]
    transform = Affine(10, 0, 600000, 0, 10, 5700000 - 10 * rows) if south_up else NORTH_UP
    turn = (lambda values: values[:, ::-1]) if south_up else (lambda values: values)
    layout = {"tiled": True, "blockxsize": 64, "blockysize": 64, "interleave": "band", "compress": "zstd"}
    save(path, turn(stored), ALPHA_EARTH_BANDS, transform, nodata=-128, **layout)
    with rasterio.open(path, "r+") as dataset:
        dataset.build_overviews([2, 4, 8], Resampling.nearest)
    for level, factor in enumerate((2, 4, 8)):
        with rasterio.open(path, "r+", overview_level=level) as dataset:
            dataset.write(to_bytes(turn(means(vectors, factor))))
    return path


def tile(folder, name="grid_0.05_51.95", rows=1140, columns=732, width=128, scale_bands=False):
    drawn = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    quantised = drawn.integers(-127, 128, (rows, columns, width), np.int8)
    scales = drawn.uniform(0.01, 0.1, (rows, columns, width) if scale_bands else (rows, columns)).astype(np.float32)
    scales[5:9, 3:7] = np.nan
    np.save(folder / f"{name}.npy", quantised)
    np.save(folder / f"{name}_scales.npy", scales)
    values = quantised * (scales if scale_bands else scales[..., None])
    return folder / f"{name}.npy", (values / np.linalg.norm(values, axis=2, keepdims=True)).transpose(2, 0, 1)


def landmask(path, rows, columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = {"driver": "GTiff", "dtype": "uint8", "count": 1, "height": rows, "width": columns}
    transform = Affine(10, 0, 293600, 0, -10, 5765300)
    with rasterio.open(path, "w", transform=transform, crs="EPSG:32631", **kind) as dataset:
        dataset.write(np.ones((1, rows, columns), np.uint8))


COUNT = 12
DRAWN = np.random.default_rng(0)
RAW = (3 * DRAWN.normal(size=(COUNT, 24))).astype(np.float32)
UNIT = at_unit_length(RAW, axis=1)
LONGITUDES, LATITUDES = 13 + np.arange(COUNT) / 100, 52 + np.arange(COUNT) / 50
BOXES = shapely.box(LONGITUDES, LATITUDES, LONGITUDES + 0.005, LATITUDES + 0.005)


def saved(path, columns, footer=None, **options):
    table = pa.table(columns)
    pq.write_table(table.replace_schema_metadata(footer), path, **options)
    return path


def geo(crs):
    column = {"encoding": "WKB", "geometry_types": ["Polygon"]} | ({} if crs == "none" else {"crs": crs})
    return {"geo": json.dumps({"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}})}


def major_tom(path, kind, vectors=RAW, **options):
    """The columns of Major TOM's embeddings, in the order of its dataset cards."""
    cells = [f"{row}U_{row}R" for row in range(COUNT)]
    return saved(
        path,
        {
            "unique_id": [hashlib.sha256(cell.encode()).hexdigest() for cell in cells],
            "embedding": pa.array(list(vectors), kind),
            "timestamp": ["20200101T000000"] * COUNT,
            "product_id": ["S2B_MSIL2A"] * COUNT,
            "grid_cell": cells,
            "grid_row_u": pa.array(range(COUNT), pa.int16()),
            "grid_col_r": pa.array(range(COUNT), pa.int16()),
            "geometry": shapely.to_wkb(BOXES).tolist(),
            "centre_lat": pa.array(LATITUDES, pa.float32()),
            "centre_lon": pa.array(LONGITUDES, pa.float32()),
            "utm_footprint": [shape.wkt for shape in BOXES],
            "utm_crs": ["EPSG:32633"] * COUNT,
            "pixel_bbox": pa.array([[0, 0, 224, 224]] * COUNT, pa.list_(pa.int32())),
        },
        geo("none"),
        **options,
    )
