"""`locate` as a user calls it, with the harmonics that need no weights and with SatCLIP's and GeoCLIP's loaders."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
from pyproj import Geod

from backend.__main__ import main
from backend.geo.read_parquet import read_metadata, read_parquet
from backend.models.spherical_harmonics import harmonics
from backend.tasks.vectors.open import open_vectors

STATIONS = Path(__file__).parents[3] / "shared" / "data" / "stations.csv"
NO_STATIONS = pytest.mark.skipif(not STATIONS.is_file(), reason="shared/data is not on this machine")


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stations(work):
    """Write 300 places where `warmth` falls with distance from the equator and `half` says which hemisphere it is."""
    generator = np.random.default_rng(0)
    latitude = np.degrees(np.arcsin(generator.uniform(-1, 1, 300)))
    longitude = generator.uniform(-180, 180, 300)
    lines = ["name,lon,lat,warmth,half,flat,code"]
    for index, (x, y) in enumerate(zip(longitude, latitude, strict=True)):
        lines.append(f"s{index},{x:.5f},{y:.5f},{30 - abs(y) / 2:.3f},{'north,7,3' if y > 0 else 'south,7,8'}")
    (work / "p.csv").write_text("\n".join(lines), encoding="utf-8")
    return ("--points", "p.csv", "--lon", "lon", "--lat", "lat")


HARMONICS = ("--model", "harmonics", "--degrees", 10)


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def run(capsys, *words):
    code = main([*map(str, ("locate", *words)), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_a_vector_a_point(stations, work, capsys):
    answer = run(capsys, *stations, "--out", "v.parquet", *HARMONICS)
    assert (answer["count"], answer["width"], answer["model"]) == (300, 100, "harmonics")
    found = read_parquet(work / "v.parquet")
    places = np.stack([found["lon"], found["lat"]], 1)
    assert found["embedding"] == pytest.approx(unit(harmonics(places, 10)), abs=1e-6)
    row = found["id"].index("7")
    assert (found["name"][row], found["half"][row]) == ("s7", "north" if places[row, 1] > 0 else "south")
    assert json.loads(read_metadata(work / "v.parquet")["emb"])["model"]["id"] == "harmonics"
    assert json.loads((work / "v.item.json").read_text())["properties"]["emb:runtime_parameters"]["dimensions"] == 100
    assert shapely.get_coordinates(open_vectors(work / "v.parquet").geometries) == pytest.approx(places)
    record = json.loads((work / "v.run.json").read_text())
    assert (record["task"], record["model"]["id"], record["source"]["name"]) == ("locate", "harmonics", "p.csv")
    assert record["parameters"]["degrees"] == 10
    assert str(work) not in (work / "v.run.json").read_text()


def test_what_was_located_can_be_located_again(stations, work, capsys):
    run(capsys, *stations, "--out", "v.parquet")
    again = run(capsys, "--points", "v.parquet", "--lon", "lon", "--lat", "lat", "--out", "w.parquet")
    assert again["count"] == 300
    first, second = read_parquet(work / "v.parquet"), read_parquet(work / "w.parquet")
    assert first.keys() == second.keys()
    assert np.array_equal(first["embedding"], second["embedding"])


def test_a_raster_of_vectors_with_its_preview(work, capsys):
    answer = run(capsys, "--extent", "-10,35,30,60", "--step", 0.5, *HARMONICS, "--out", "l.tif")
    assert (answer["width"], answer["height"], answer["bands"]) == (80, 50, 100)
    with rasterio.open("l.tif") as found, rasterio.open("l.preview.tif") as preview:
        assert found.descriptions[11] == "HARMONICS_11"
        assert found.tags()["TOPOSCOPE_MODEL"] == "harmonics"
        x, y = found.xy(20, 30)
        assert found.read()[:, 20, 30] == pytest.approx(unit(harmonics(np.array([[x, y]]), 10))[0], abs=1e-6)
        assert (preview.count, preview.dtypes[0], preview.transform) == (3, "uint8", found.transform)
        assert preview.read().std() > 30


def test_bytes_say_how_they_are_read(work, capsys):
    run(capsys, "--extent", "0,0,20,20", *HARMONICS, "--out", "q.tif", "--int8")
    with rasterio.open("q.tif") as found:
        assert (found.dtypes[0], found.nodata) == ("int8", -128)
        assert "127.5" in found.tags()["QUANTIZATION"]


def test_likeness_is_greatest_at_the_place_itself(work, capsys):
    run(capsys, "--extent", "-180,-90,180,90", "--step", 2, "--like", "-71,-33", "--out", "s.tif")
    with rasterio.open("s.tif") as found:
        values = found.read(1)
        row, column = np.unravel_index(values.argmax(), values.shape)
        assert found.xy(row, column) == pytest.approx((-71, -33))
        assert values.max() <= 1


@pytest.mark.parametrize("estimator", ["ridge", "knn"])
def test_a_column_predicted_on_a_raster_with_its_score(stations, work, capsys, estimator):
    area = ("--extent", "-180,-80,180,80", "--step", 4, *HARMONICS, "--out", "w.tif", "--estimator", estimator)
    answer = run(capsys, *stations, "--predict", "warmth", *area)
    score = answer["score"]
    assert score["random"]["model"]["mean"] > 0.9
    assert score["blocks"]["model"]["mean"] > 0.7
    assert score["random"]["model"]["rmse"] < 3
    with rasterio.open("w.tif") as found:
        values, rows = found.read(1), np.arange(found.height)
        latitude = np.array([found.xy(row, 0)[1] for row in rows])
        assert np.abs(values.mean(1) - (30 - np.abs(latitude) / 2)).mean() < 2
    assert json.loads((work / "w.run.json").read_text())["score"] == score


def test_position_alone_is_the_yardstick(stations, work, capsys):
    answer = run(
        capsys, *stations, "--predict", "warmth", "--extent", "0,0,9,9", "--out", "w.tif", "--folds-by", "half"
    )
    assert answer["score"]["random"]["longitude_latitude"]["mean"] < 0.1
    assert answer["score"]["by half"]["folds"] == 2
    assert set(answer["score"]["by half"]["model"]["each"]) == {"north", "south"}


def test_classes_predicted_at_other_places(stations, work, capsys):
    shapes = shapely.points([[10.0, 50], [20, -40]])
    pyogrio.raw.write(
        work / "at.gpkg", geometry=shapely.to_wkb(shapes), field_data=[np.array(["a", "b"], object)],
        fields=np.array(["id"], object), geometry_type="Point", driver="GPKG", crs="EPSG:4326",
    )  # fmt: skip
    answer = run(capsys, *stations, "--predict", "half", *HARMONICS, "--at", "at.gpkg", "--out", "h.gpkg")
    assert answer["score"]["measure"] == "accuracy"
    assert answer["score"]["random"]["model"]["mean"] > 0.9
    meta, _, geometry, (_, _, ids, halves) = pyogrio.raw.read(work / "h.gpkg")
    assert list(zip(ids, halves, strict=True)) == [("a", "north"), ("b", "south")]
    assert shapely.from_wkb(geometry).tolist() == shapes.tolist()
    assert meta["crs"] == "EPSG:4326"


@pytest.mark.parametrize("column", [("half",), ("code", "--classes")])
def test_classes_on_a_raster(stations, work, capsys, column):
    words = ("--extent", "0,-60,60,60", "--step", 5, "--out", "h.tif", *HARMONICS)
    assert run(capsys, *stations, "--predict", *column, *words)["score"]["measure"] == "accuracy"
    with rasterio.open("h.tif") as found:
        values = found.read(1)
    assert (values[:9] == 0).mean() > 0.9
    assert (values[-9:] == 1).mean() > 0.9


def test_far_from_what_is_known_nothing_is_said(stations, work, capsys):
    area = ("--extent", "-180,-80,180,80", "--step", 4, "--within", 600, *HARMONICS)
    run(capsys, *stations, "--predict", "warmth", *area, "--out", "w.tif")
    run(capsys, *stations, "--predict", "half", *area, "--out", "h.tif")
    rows = list(csv.DictReader((work / "p.csv").open(encoding="utf-8")))
    known = np.array([[float(row["lon"]), float(row["lat"])] for row in rows])
    with rasterio.open("w.tif") as found, rasterio.open("h.tif") as classes:
        values, halves = found.read(1), classes.read(1)
        distance = np.array(
            [
                [Geod(ellps="sphere").inv(*np.tile(found.xy(row, col), (len(known), 1)).T, *known.T)[2].min() / 1000
                 for col in range(found.width)] for row in range(found.height)
            ]
        )  # fmt: skip
    assert np.array_equal(np.isnan(values), distance > 600)
    assert np.array_equal(halves == 255, distance > 600)
    assert 0.05 < np.isnan(values).mean() < 0.95


def test_the_places_themselves_are_not_replaced(stations, work, capsys):
    run(capsys, *stations, "--out", "v.parquet", *HARMONICS)
    before = (work / "v.parquet").read_bytes()
    code, said = run(capsys, "--points", "v.parquet", *stations[2:], "--out", "v.parquet", *HARMONICS)
    assert (code, said) == (2, "'v.parquet' is what is read; give the result another name.")
    assert (work / "v.parquet").read_bytes() == before


def test_neither_torch_nor_safetensors_is_needed(work, stations, capsys):
    """The Core tier has none of them; only `places_convert`, run elsewhere, and pictures do."""
    pytest.importorskip("torch")
    from backend.training.places_convert import write_satclip
    from tests.backend.models.synthetic_satclip import checkpoint

    write_satclip(checkpoint(10), work / "converted.safetensors")
    assert main(["models", "import", "satclip-vit16-l10", "converted.safetensors"]) == 0
    words = ["locate", *stations, "--out", "v.parquet", "--model", "satclip-vit16-l10"]
    lines = ["import sys", "for name in ('torch', 'safetensors', 'transformers'): sys.modules[name] = None"]
    lines += ["from backend.__main__ import main", f"sys.exit(main({words!r}))"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=work, env=environment, check=False)
    assert ran.returncode == 0
    assert read_parquet(work / "v.parquet")["embedding"].shape == (300, 256)


@NO_STATIONS
def test_real_stations_reach_the_known_figures(work, capsys):
    """models.md 5.5: harmonics of ten degrees 0.932 ± 0.014, longitude and latitude 0.413 ± 0.025."""
    table = ("--points", STATIONS, "--lon", "Lon", "--lat", "Lat", "--predict", "meanT", *HARMONICS)
    score = run(capsys, *table, "--extent", "0,40,20,60", "--out", "t.tif")["score"]
    assert score["random"]["model"]["mean"] == pytest.approx(0.932, abs=0.014)
    assert score["random"]["longitude_latitude"]["mean"] == pytest.approx(0.413, abs=0.025)
    assert score["blocks"]["model"]["mean"] < score["random"]["model"]["mean"] - 0.03


@pytest.mark.parametrize("degrees", [10, 40])
def test_satclip_once_imported_finds_the_place_of_a_picture(work, capsys, degrees):
    pytest.importorskip("torch")
    from backend.training.places_convert import write_satclip
    from tests.backend.models.synthetic_satclip import checkpoint

    name = f"satclip-resnet18-l{degrees}"
    words = ("--extent", "0,40,10,50", "--model", name, "--out", "s.tif")
    assert f"`models import {name} PATH`" in run(capsys, *words)[1]
    write_satclip(checkpoint(degrees, "resnet18"), work / "converted.safetensors")
    assert main(["models", "import", name, "converted.safetensors"]) == 0
    capsys.readouterr()
    with rasterio.open("s2.tif", "w", driver="GTiff", width=260, height=256, count=12, dtype="uint16") as target:
        target.write(np.random.default_rng(0).integers(0, 4000, (12, 256, 260), np.uint16))
    assert run(capsys, *words, "--like-image", "s2.tif")["bands"] == 1
    record = json.loads((work / "s.run.json").read_text())
    assert len(record["model"]["sha256"]["satclip.safetensors"]) == 64
    assert record["parameters"]["picture"] == "s2.tif"
    with rasterio.open("s.tif") as found:
        assert np.abs(found.read(1)).max() <= 1
        assert found.read(1).std() > 0
        assert found.tags()["TOPOSCOPE_WEIGHTS"] == record["model"]["sha256"]["satclip.safetensors"]


@pytest.mark.parametrize("names", ["lon,lat", "Longitude,Latitude", "X,Y"])
def test_usual_columns_need_no_names(work, capsys, names):
    (work / "p.csv").write_text(f"name,{names}\na,2,48\n", encoding="utf-8")
    assert run(capsys, "--points", "p.csv", "--out", "v.parquet", *HARMONICS)["count"] == 1
    assert [read_parquet(work / "v.parquet")[name][0] for name in ("lon", "lat")] == [2, 48]


@pytest.mark.parametrize(
    ("rows", "advice"),
    [
        ("10,50\n10,95\n11,51", "Row 2 of 'p.csv' has the latitude 95, beyond 90 degrees; mend it or name its CRS"),
        ("10,95\n120,50", "Row 1 of 'p.csv' has the latitude 95, beyond 90 degrees; mend it or name its CRS"),
        ("39,116\n31,121\n28,77", "longitude and latitude seem to be swapped."),
    ],
)
def test_columns_are_called_swapped_where_all_rows_say_so(work, capsys, rows, advice):
    (work / "p.csv").write_text(f"lon,lat\n{rows}\n", encoding="utf-8")
    code, line = run(capsys, "--points", "p.csv", "--out", "v.parquet")
    assert code == 2
    assert advice in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "v.parquet"), "Give either points or an extent"),
        (("--extent", "0,0,9,9", "--out", "v.parquet"), "ends in .tif"),
        (("--extent", "0,0,9", "--out", "v.tif"), "four numbers"),
        (("--extent", "0,0,9,x", "--out", "v.tif"), "four numbers"),
        (("--extent", "0,0,9,99", "--out", "v.tif"), "leaves the globe"),
        (("--extent", "0,0,9,9", "--out", "none/v.tif"), "does not exist"),
        (
            ("--extent", "0,0,9,9", "--out", "v.tif", "--like", "3,4", "--like", "2,95"),
            "--like 2,95 has the latitude 95, beyond 90 degrees; give longitude,latitude in degrees.",
        ),
        (("--extent", "0,0,9,9", "--out", "v.tif", "--like", "nan,5"), "--like nan,5 has no coordinates"),
        (("--extent", "0,0,9,9", "--out", "v.tif", "--like-image", "p.csv"), "cannot look at pictures"),
        (("--extent", "0,0,9,9", "--out", "v.tif", "--like", "5,5", "--int8"), "int8 is for"),
        (("--extent", "0,0,9,9", "--out", "v.tif", "--model", "mini"), "does not locate"),
        (("--extent", "0,0,9,9", "--out", "v.tif", "--degrees", "41", "--model", "harmonics"), "degrees is 41"),
        (
            ("--extent", "0,0,9,9", "--out", "v.tif", "--degrees", "9", "--model", "geoclip"),
            "'degrees' is no parameter",
        ),
        (("P", "--out", "v.parquet", "--like", "5,5"), "give an extent"),
        (("P", "--out", "v.tif"), "ends in .parquet"),
        (("P", "--out", "v.tif", "--predict", "warmth"), "either an extent or other points"),
        (("P", "--out", "v.tif", "--predict", "cold", "--extent", "0,0,9,9"), "no column 'cold'"),
        (("P", "--out", "v.tif", "--predict", "flat", "--extent", "0,0,9,9"), "7 everywhere"),
        (("P", "--out", "v.tif", "--predict", "name", "--extent", "0,0,9,9"), "300 different texts"),
        (("P", "--out", "v.tif", "--predict", "warmth", "--extent", "0,0,9,9", "--block", "20000"), "0 to 10000 km"),
        (
            ("P", "--out", "v.tif", "--predict", "warmth", "--extent", "0,0,9,9", "--folds-by", "flat"),
            "part the places",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_leaves_nothing(stations, work, capsys, words, said):
    words = [*stations, *words[1:]] if words[0] == "P" else words
    try:
        code, line = run(capsys, *words)
    except SystemExit as left:  # argparse's own
        code, line = left.code, capsys.readouterr().err.strip()
    assert code == 2
    assert said in line
    assert len(line.splitlines()) == 1
    assert {path.name for path in work.iterdir()} <= {"p.csv", "home"}


def test_places_that_lack_a_number_are_named(stations, work, capsys):
    rows = list(csv.reader((work / "p.csv").open(encoding="utf-8")))
    rows[5][3] = ""
    (work / "p.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    code, line = run(capsys, *stations, "--predict", "warmth", "--extent", "0,0,9,9", "--out", "v.tif")
    assert (code, line) == (2, "'warmth' of 'p.csv' has no number in row 5; leave it out.")
