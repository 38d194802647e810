"""A map tile as PNG or JPEG: told as synthetic by a word in its corner and by an XMP packet."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

Pixels = NDArray[np.uint8]
PNG, JPG = "png", "jpg"
QUALITY = 90
PNG_HEAD = 8 + 25
"""Bytes of a PNG's signature and of its first chunk, which has to be the first."""
JPEG_HEAD = 2
XMP_KEY = b"XML:com.adobe.xmp\0\0\0\0\0"
XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
LETTERS = {
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "C": "01111 10000 10000 10000 10000 10000 01111",
}
WORD, MARGIN = "SYNTHETIC", 3


def burnt(picture: Pixels) -> Pixels:
    """Return a tile (4, h, w) with the word in its lower left corner, opaque also where the tile is not."""
    plate = _plate()
    marked = picture.copy()
    height, width = plate.shape
    corner = marked[:, -height:, :width]
    corner[:3] = np.where(plate, 255, corner[:3] // 4)
    corner[3] = 255
    return marked


def encoded(picture: Pixels, kind: str, xmp: str) -> bytes:
    """Return a tile (4, h, w) as a file of `kind`, `png` or `jpg`, that holds the packet `xmp`, if any.

    JPEG knows no transparency: what is seen through becomes white.
    """
    data = xmp.encode()
    if kind == JPG:
        file = _file(_on_white(picture), "JPEG", quality=QUALITY)
        body = XMP_SEGMENT + data
        segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
        return file[:JPEG_HEAD] + segment + file[JPEG_HEAD:] if xmp else file
    opaque = bool((picture[3] == 255).all())
    file = _file(picture[:3] if opaque else picture, "PNG", zlevel=6)
    body = b"iTXt" + XMP_KEY + data
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return file[:PNG_HEAD] + chunk + file[PNG_HEAD:] if xmp else file


def _file(bands: Pixels, driver: str, **options: Any) -> bytes:
    count, height, width = bands.shape
    shape = {"count": count, "height": height, "width": width, "dtype": "uint8"}
    with MemoryFile() as memory:
        with memory.open(driver=driver, **shape, **options) as dataset:
            dataset.write(bands)
        return bytes(memory.read())


def _on_white(picture: Pixels) -> Pixels:
    share = picture[3].astype(np.uint32)
    return np.asarray((picture[:3] * share + 255 * (255 - share) + 127) // 255, np.uint8)


@lru_cache(maxsize=1)
def _plate() -> NDArray[np.bool_]:
    """Return the word (rows, columns), True where it is white."""
    drawn = [np.array([[*map(int, row)] for row in LETTERS[letter].split()], bool) for letter in WORD]
    return np.pad(np.concatenate([np.pad(letter, ((0, 0), (0, 1))) for letter in drawn], axis=1), MARGIN)
