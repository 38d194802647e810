"""A GeoTIFF that lost its end is told from a whole one."""

import numpy as np
import pytest
import rasterio

from backend.geo.access import gdal_environment
from backend.geo.whole_tiff import WRITE_ERRORS, check_whole
from backend.geo.write_cog import NEAREST, cog_writer


@pytest.fixture
def cog(tmp_path):
    values = np.random.default_rng(0).integers(0, 255, (2, 700, 1100)).astype(np.uint8)
    with rasterio.open(
        tmp_path / "a.vrt", "w", driver="GTiff", width=1100, height=700, count=2, dtype="uint8"
    ) as dataset:
        dataset.write(values)
    (tmp_path / "a.vrt").rename(tmp_path / "source.tif")
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource><SourceFilename relativeToVRT="1">source.tif'
        f"</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
        for band in (1, 2)
    )
    (tmp_path / "a.vrt").write_text(f'<VRTDataset rasterXSize="1100" rasterYSize="700">{bands}</VRTDataset>')
    cog_writer(tmp_path / "a.vrt", NEAREST)(tmp_path / "cog.tif")
    return tmp_path / "cog.tif"


def test_a_whole_one_passes_with_its_overviews(cog):
    check_whole(cog)
    with rasterio.open(cog) as dataset:
        assert dataset.overviews(1) == [2, 4]


@pytest.mark.parametrize("lost", [8, 100, 4096, 200_000, 1_000_000])
def test_one_without_its_end_is_refused(cog, lost):
    size = cog.stat().st_size
    with cog.open("rb+") as file:
        file.truncate(max(size - lost, 500))
    with pytest.raises(WRITE_ERRORS):
        check_whole(cog)


def test_gdal_keeps_little_of_what_it_reads(tmp_path):
    """`GDAL_CACHEMAX` is in bytes here: too little is no cache at all, and without it memory grows with the raster."""
    from backend.geo.access import CACHE_BYTES

    assert 2**24 <= CACHE_BYTES <= 2**28
    with gdal_environment():
        assert rasterio.env.getenv()["GDAL_CACHEMAX"] == CACHE_BYTES
