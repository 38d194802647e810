import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin


@pytest.fixture
def raster(tmp_path):
    """Write (bands, rows, columns) as a raster with a georeference (unless crs is None) and return its path."""

    def write(values, name="raster.tif", crs="EPSG:32645", driver="GTiff", **profile):
        values = np.asarray(values)
        count, height, width = values.shape
        place = {"crs": crs, "transform": from_origin(300000, 3000000, 0.5, 0.5)} if crs else {}
        path = tmp_path / name
        with rasterio.open(
            path, "w", driver=driver, width=width, height=height, count=count, dtype=values.dtype, **place, **profile
        ) as dataset:
            dataset.write(values)
        return path

    return write


@pytest.fixture
def pattern():
    """Return (bands, rows, columns) of distinct uint8 values."""

    def make(bands=3, rows=40, columns=50):
        return np.random.default_rng(7).integers(1, 255, (bands, rows, columns)).astype("uint8")

    return make
