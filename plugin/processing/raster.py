"""The raster of a Processing run as a source."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence, Tuple

from qgis.core import QgsRasterLayer

from ...backend.protocol.source import Source
from ..gis.source import Frame, frame_of, source_of


def readable(layer: QgsRasterLayer, bands: Sequence[int]) -> Tuple[Source, Frame]:
    """Return a layer's source, with other bands where some are named, and what its coordinates mean. Raises Refused."""
    source = source_of(layer)
    return replace(source, bands=tuple(bands), stretch=()) if bands else source, frame_of(layer)
