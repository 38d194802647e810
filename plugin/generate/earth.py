"""The earth as the backend's Blue Marble shows it, with what of a raster layer the page needs."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from qgis.PyQt.QtCore import QCoreApplication

PIXEL = 360 / 2700
"""Degrees; held to the backend's picture by a test."""


class Earth:
    """Everywhere, in degrees."""

    def crs(self) -> QgsCoordinateReferenceSystem:
        """Return longitude and latitude."""
        return QgsCoordinateReferenceSystem("EPSG:4326")

    def extent(self) -> QgsRectangle:
        """Return all of it."""
        return QgsRectangle(-180, -90, 180, 90)

    def name(self) -> str:
        """Return what it is called in sentences."""
        return QCoreApplication.translate("Earth", "Blue Marble")
