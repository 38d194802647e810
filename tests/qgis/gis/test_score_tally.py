"""Areas of phrases from any score on, against counting pixel by pixel."""

import random

import pytest
from osgeo import gdal, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsDistanceArea, QgsGeometry, QgsProject, QgsRectangle
from toposcope.plugin.gis import score_tally
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.score_tally import read_tally

WIDTH, HEIGHT, PHRASES, NO_DATA = 70, 90, 3, 255
UNKNOWN = 500


@pytest.fixture
def pixels():
    draw = random.Random(4)
    known = [
        (draw.randint(1, PHRASES), draw.choice((0, 1, 100, 125, 249, 250))) for _ in range(WIDTH * HEIGHT - UNKNOWN)
    ]
    return known + [(0, NO_DATA)] * UNKNOWN


def write(path, pixels, epsg=32611, transform=(500000, 0.5, 0, 4000000, 0, -0.5)):
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), WIDTH, HEIGHT, 2, gdal.GDT_Byte)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform(transform)
    for band in (0, 1):
        dataset.GetRasterBand(band + 1).WriteRaster(0, 0, WIDTH, HEIGHT, bytes(pixel[band] for pixel in pixels))
    dataset.FlushCache()
    return path


@pytest.mark.parametrize("rows", [512, 40])
def test_every_score_of_every_phrase_is_as_counted_by_hand(qgis_app, tmp_path, monkeypatch, pixels, rows):
    monkeypatch.setattr(score_tally, "LEAST_ROWS", rows)
    tally = read_tally(write(tmp_path / "b & c.tif", pixels), PHRASES, placed=True)
    known = len(pixels) - UNKNOWN
    assert tally.known == known
    for index in (1, 2, 3):
        for step in (0, 1, 2, 125, 126, 250):
            mine = [score for phrase, score in pixels if phrase == index and step <= score <= 250]
            taken = tally.taken(index, step / 250)
            assert taken.share == len(mine) / known
            assert taken.area_m2 == pytest.approx(len(mine) / 4, rel=2e-3)
            assert taken.confidence == pytest.approx(sum(mine) / 250 / max(len(mine), 1))


def test_pixels_in_degrees_are_smaller_towards_the_poles(qgis_app, tmp_path, monkeypatch):
    monkeypatch.setattr(score_tally, "LEAST_ROWS", 9)
    halves = [(1 if at < WIDTH * HEIGHT / 2 else 2, 250) for at in range(WIDTH * HEIGHT)]
    path = write(tmp_path / "best.tif", halves, 4326, (10, 0.1, 0, 60, 0, -0.1))
    tally = read_tally(path, 2, placed=True)
    measure = QgsDistanceArea()
    measure.setSourceCrs(QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance().transformContext())
    measure.setEllipsoid("WGS84")
    rows = [QgsGeometry.fromRect(QgsRectangle(10, 60 - (row + 1) / 10, 10.1, 60 - row / 10)) for row in range(HEIGHT)]
    areas = [WIDTH * measure.measureArea(row) for row in rows]
    assert tally.taken(1, 1.0).area_m2 == pytest.approx(sum(areas[:45]), rel=1e-3)
    assert tally.taken(2, 1.0).area_m2 == pytest.approx(sum(areas[45:]), rel=1e-3)


def test_without_a_place_there_are_shares_and_no_areas(qgis_app, tmp_path, pixels):
    tally = read_tally(write(tmp_path / "best.tif", pixels), PHRASES, placed=False)
    assert tally.taken(1, 0.5).share > 0
    assert tally.taken(1, 0.5).area_m2 == 0


def test_a_file_that_is_gone_is_refused_in_a_sentence(qgis_app, tmp_path):
    with pytest.raises(Refused, match="run-7"):
        read_tally(tmp_path / "run-7" / "best.tif", 2, placed=True)
