"""Answers of bytes as pictures for the map: a colour a byte, what is not shown is transparent."""

from __future__ import annotations

from typing import List, Sequence, Tuple

from qgis.PyQt.QtGui import QColor, QImage, qRgba

from ...backend.protocol.asks import NO_DATA

STEPS = 250
"""The byte of the highest score."""
RAMP = (
    (0.0, (13, 8, 135)),
    (0.25, (126, 3, 168)),
    (0.5, (204, 71, 120)),
    (0.75, (248, 149, 64)),
    (1.0, (240, 249, 33)),
)
"""Near the plasma scheme of matplotlib, which stays apart from vegetation; dark to light, also without colour."""
FAINTEST = 0.45
"""How opaque the least score shown is, as a share of the highest one's."""

Table = List[int]


def ramp_colour(share: float) -> Tuple[int, int, int]:
    """Return red, green, blue at a place of the ramp, 0 to 1."""
    for (low, dark), (high, light) in zip(RAMP, RAMP[1:]):
        if share <= high:
            between = (share - low) / (high - low)
            red, green, blue = (round(a + (b - a) * between) for a, b in zip(dark, light))
            return red, green, blue
    return RAMP[-1][1]


def heat_table(least: int, opacity: float) -> Table:
    """Return the colours of scores from the byte `least` on; the ramp spans what is shown."""
    table = [0] * 256
    for byte in range(max(0, least), STEPS + 1):
        share = (byte - least) / max(1, STEPS - least)
        alpha = round(255 * opacity * (FAINTEST + (1 - FAINTEST) * share))
        table[byte] = qRgba(*ramp_colour(share), alpha)
    return table


def class_table(colours: Sequence[QColor], opacity: float) -> Table:
    """Return the colours of classes by their number from 0 on; `NO_DATA` is transparent."""
    table = [0] * 256
    for byte, colour in enumerate(colours[:NO_DATA]):
        table[byte] = qRgba(colour.red(), colour.green(), colour.blue(), round(255 * opacity))
    return table


def picture(pixels: bytes, columns: int, rows: int, table: Table) -> QImage:
    """Return the picture of `rows` x `columns` bytes.

    Raises:
        ValueError: there are not as many bytes.
    """
    if len(pixels) != columns * rows:
        raise ValueError(f"{len(pixels)} bytes are not {rows} rows of {columns}")
    indexed = QImage(pixels, columns, rows, columns, QImage.Format.Format_Indexed8)
    indexed.setColorTable(table)
    return indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
