"""Toposcope: geospatial foundation models on the QGIS map canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin.plugin import ToposcopePlugin


def classFactory(iface: QgisInterface) -> ToposcopePlugin:  # noqa: N802 (QGIS looks for this name)
    """Return the plugin object QGIS loads; heavy imports wait until then."""
    from .plugin.plugin import ToposcopePlugin

    return ToposcopePlugin(iface)
