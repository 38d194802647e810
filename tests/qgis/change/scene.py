"""A small town of plain squares: grass, a road, houses; its map of classes, and what it looks like a year later."""

from osgeo import gdal, osr

SIZE = 128
LEFT, TOP, PIXEL = 500_000.0, 4_000_000.0, 0.5
GRASS, ROAD, HOUSE = 1, 2, 3
NAMES = ("", "grass", "road", "house")
COLOURS = {GRASS: (90, 150, 80), ROAD: (120, 120, 125), HOUSE: (190, 90, 70)}
HOUSES = ((10, 10), (30, 12), (80, 16), (100, 90), (20, 90), (60, 100))
"""Column and row of the upper left corners; each is 14 pixels a side."""
SIDE = 14


def value_at(column, row, houses=HOUSES):
    """Return the class of a pixel."""
    if 56 <= row < 66:
        return ROAD
    inside = any(x <= column < x + SIDE and y <= row < y + SIDE for x, y in houses)
    return HOUSE if inside else GRASS


def write_picture(path, houses=HOUSES, placed=True):
    """Write what the town looks like: each class in its colour, with a little grain."""
    dataset = _create(path, 3, placed)
    grain = [(column * 7 + row * 13) % 17 for row in range(SIZE) for column in range(SIZE)]
    places = [(column, row) for row in range(SIZE) for column in range(SIZE)]
    for band in range(3):
        rows = bytes(
            COLOURS[value_at(*at, houses)][band] + noise for at, noise in zip(places, grain, strict=True)
        )  # fmt: skip
        dataset.GetRasterBand(band + 1).WriteRaster(0, 0, SIZE, SIZE, rows, buf_type=gdal.GDT_Byte)
    dataset.FlushCache()
    return path


def write_classes(path, named=True, placed=True):
    """Write the map of classes, with names and colours unless not `named`."""
    dataset = _create(path, 1, placed)
    band = dataset.GetRasterBand(1)
    rows = bytes(value_at(column, row) for row in range(SIZE) for column in range(SIZE))
    band.WriteRaster(0, 0, SIZE, SIZE, rows, buf_type=gdal.GDT_Byte)
    if named:
        table = gdal.ColorTable()
        for value, colour in COLOURS.items():
            table.SetColorEntry(value, (*colour, 255))
        band.SetRasterColorTable(table)
        band.SetRasterCategoryNames(list(NAMES))
    dataset.FlushCache()
    return path


def place(column, row):
    """Return a pixel's middle on the map."""
    return LEFT + (column + 0.5) * PIXEL, TOP - (row + 0.5) * PIXEL


def _create(path, bands, placed):
    options = ["PHOTOMETRIC=RGB"] if bands == 3 else []
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, bands, gdal.GDT_Byte, options)
    if placed:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(32611)
        dataset.SetProjection(reference.ExportToWkt())
        dataset.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    return dataset
