"""Toposcope: geospatial foundation models on the QGIS map canvas."""


def classFactory(iface):  # noqa: N802 (QGIS looks for this name)
    """Return the plugin object QGIS loads; heavy imports wait until then."""
    from .plugin.plugin import ToposcopePlugin

    return ToposcopePlugin(iface)
