"""A green field with grey roofs, and where they are."""

from osgeo import gdal, osr

SIZE, PIXEL, LEFT, TOP = 256, 0.5, 500000.0, 4000000.0
ROOFS = ((40, 40), (120, 40), (40, 150), (160, 160))
WIDTH, HEIGHT = 48, 40


def utm():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32611)
    return reference


def write_image(path, georeferenced=True, roofs=ROOFS, size=SIZE, shape=(WIDTH, HEIGHT)):
    """Write the image; `shape` is width and height of a roof."""
    width, height = shape
    options = [] if georeferenced else ["PROFILE=BASELINE"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), size, size, 3, gdal.GDT_Byte, options)
    if georeferenced:
        dataset.SetProjection(utm().ExportToWkt())
        dataset.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    for band, (field, roof) in enumerate(((70, 190), (110, 185), (60, 180)), start=1):
        rows = bytearray(field + (c * 7 + r * 13) % 9 for r in range(size) for c in range(size))
        for left, top in roofs:
            for row in range(top, top + height):
                rows[row * size + left : row * size + left + width] = bytes([roof]) * width
        dataset.GetRasterBand(band).WriteRaster(0, 0, size, size, bytes(rows))
    dataset.FlushCache()
    return path


def at(column, row, georeferenced=True):
    """Return the map position of a pixel's centre."""
    from qgis.core import QgsPointXY

    if not georeferenced:
        return QgsPointXY(column + 0.5, -(row + 0.5))
    return QgsPointXY(LEFT + (column + 0.5) * PIXEL, TOP - (row + 0.5) * PIXEL)


def roof(number, georeferenced=True):
    """Return the middle of a roof."""
    left, top = ROOFS[number]
    return at(left + WIDTH / 2, top + HEIGHT / 2, georeferenced)
