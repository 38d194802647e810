"""The whole earth as a source: zooming in needs no file of one's own."""

from __future__ import annotations

from pathlib import Path

from backend.protocol.source import Source

FILE = Path(__file__).parents[2] / "data" / "blue_marble.tif"


def earth_source() -> Source:
    """Return NASA's Blue Marble as it ships: EPSG:4326, -180 to 180 degrees."""
    return Source(path=str(FILE), name="Blue Marble")
