"""Rasters and vectors: reading, tiling, outlines, writing. numpy, rasterio, shapely; no models."""
