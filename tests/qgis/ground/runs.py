"""A run's folder as the backend leaves it (docs/grounding.md), small and made here: no model is needed to show one."""

import json

from osgeo import gdal, ogr, osr
from toposcope.backend.protocol.ground import GroundedAnswer, GroundedItem, RankedPhrase
from toposcope.backend.protocol.prompts import Box
from toposcope.backend.protocol.wire import dump

LEFT, TOP, PIXEL = 500000.0, 4000000.0, 0.5
WIDTH, HEIGHT = 96, 64
COLUMN, ROW = 7, 5
"""Where the rasters begin in an image without georeference."""
ROOF, POOL = "roof", "swimming pool"
OBJECTS = (
    ("1", ROOF, 0.91, (10, 10, 30, 30)),
    ("2", ROOF, 0.55, (50, 10, 70, 20)),
    ("3", POOL, 0.35, (40, 40, 60, 55)),
)
"""Id, phrase, score, and columns and rows from, to."""


def corners(columns_rows, georeferenced=True):
    left, top, right, bottom = columns_rows
    if not georeferenced:
        return left + COLUMN, top + ROW, right + COLUMN, bottom + ROW
    return LEFT + left * PIXEL, TOP - bottom * PIXEL, LEFT + right * PIXEL, TOP - top * PIXEL


def phrases():
    return (
        RankedPhrase(ROOF, 1, "#e41a1c", share=0.1, area_m2=150.0, confidence=0.8, best=0.95, count=2),
        RankedPhrase(POOL, 2, "#377eb8", share=0.05, area_m2=75.0, confidence=0.35, best=0.4, count=1),
    )


def answer(georeferenced=True, threshold=0.5, background="auto"):
    items = tuple(
        GroundedItem(name, phrase, score, Box(*corners(place, georeferenced)), 100.0)
        for name, phrase, score, place in OBJECTS
    )
    return GroundedAnswer(
        "region", "", phrases(), threshold, background, Box(0, 0, 1, 1), items=items, item_count=len(items),
        pixels_read=30, pixels_naive=100,
    )  # fmt: skip


def write_run(folder, georeferenced=True, threshold=0.5, background="auto"):
    """Write answer, objects, class map, best and scores."""
    folder.mkdir(parents=True)
    text = json.dumps(dump(answer(georeferenced, threshold, background)), ensure_ascii=False)
    (folder / "answer.json").write_text(text, encoding="utf-8")
    _objects(folder / "instances.gpkg", georeferenced)
    classes, best, scores = bytearray(WIDTH * HEIGHT), bytearray([255] * WIDTH * HEIGHT), []
    for index, phrase in enumerate((ROOF, POOL), start=1):
        band = bytearray([10] * (WIDTH * HEIGHT))
        for _name, what, score, (left, top, right, bottom) in OBJECTS:
            for row in range(top, bottom) if what == phrase else ():
                for column in range(left, right):
                    at = row * WIDTH + column
                    band[at] = best[at] = round(250 * score)
                    classes[at] = index
        scores.append(bytes(band))
    _raster(folder / "best.tif", (bytes(classes), bytes(best)), georeferenced)
    _raster(folder / "scores.tif", scores, georeferenced, 255, 1 / 250)
    above = bytes(c if b != 255 and b >= 250 * threshold else 0 for c, b in zip(classes, best, strict=True))
    _raster(folder / "classes.tif", (above,), georeferenced)
    return folder


def _raster(path, bands, georeferenced, nodata=None, scale=None):
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), WIDTH, HEIGHT, len(bands), gdal.GDT_Byte)
    if georeferenced:
        dataset.SetProjection(utm().ExportToWkt())
        dataset.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    else:
        dataset.SetGeoTransform((COLUMN, 1, 0, ROW, 0, 1))
    for number, values in enumerate(bands, start=1):
        band = dataset.GetRasterBand(number)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if scale is not None:
            band.SetScale(scale)
        band.WriteRaster(0, 0, WIDTH, HEIGHT, values)
    dataset.FlushCache()


def _objects(path, georeferenced):
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = dataset.CreateLayer("instances", utm() if georeferenced else None, ogr.wkbMultiPolygon)
    numbers = ("score", "score_max", "area_m2")
    for name in ("id", "label", "phrase", "score", "score_max", "area_m2", "prompt", "model", "source", "created"):
        kind = ogr.OFTReal if name in numbers else ogr.OFTDateTime if name == "created" else ogr.OFTString
        layer.CreateField(ogr.FieldDefn(name, kind))
    for name, phrase, score, place in OBJECTS:
        x0, y0, x1, y1 = corners(place, georeferenced)
        feature = ogr.Feature(layer.GetLayerDefn())
        values = {"id": name, "label": phrase, "phrase": phrase, "score": score, "score_max": score, "area_m2": 100.0}
        for field, value in {**values, "prompt": "{}", "model": "mini", "source": "image"}.items():
            feature.SetField(field, value)
        feature.SetField("created", 2026, 1, 2, 3, 4, 5.0, 100)
        ring = f"(({x0} {y0},{x1} {y0},{x1} {y1},{x0} {y1},{x0} {y0}))"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"MULTIPOLYGON({ring})"))
        layer.CreateFeature(feature)


def utm():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32611)
    return reference
