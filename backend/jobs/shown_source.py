"""A source for a model of colours: the bands that the file calls red, green and blue, where nobody has named any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from backend.geo.colour_bands import colour_bands
from backend.geo.reader import SourceReader
from backend.protocol.source import Source

PLAIN = (1, 3)
"""Bands of a picture in which there is nothing to choose."""


def shown_source(source: Source, notify: Callable[[str], None]) -> SourceReader:
    """Open `source`, and say which bands are taken where there was a choice and the request made none.

    Raises:
        BadInput: as `SourceReader`.
    """
    reader = SourceReader(source, Path(source.path))
    if source.bands or not reader.bands:
        return reader
    usual, found = reader.bands, colour_bands(reader.band_metadata)
    if found not in ((), usual):
        reader.close()
        reader = SourceReader(replace(source, bands=found), Path(source.path))
    if reader.count - len(reader.alpha) not in PLAIN or reader.bands != usual:
        notify(_taken(reader))
    return reader


def _taken(reader: SourceReader) -> str:
    if len(reader.bands) == 1:
        return f"{reader.name} has {reader.count} bands and none was chosen; band {reader.bands[0]} is taken, as grey."
    bands = ", ".join(map(str, reader.bands))
    return f"{reader.name} has {reader.count} bands and none was chosen; {bands} are taken for red, green and blue."
