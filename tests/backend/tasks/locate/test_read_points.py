"""Points from real files of every kind, and what is said of bad ones."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

from backend.errors import BadInput
from backend.geo.write_parquet import write_parquet
from backend.tasks.locate.read_points import read_points

PLACES = np.array([[13.405, 52.52], [-122.42, 37.77], [151.21, -33.87]])
NAMES = ["Berlin", "San Francisco", "Sydney"]


def table(tmp_path, text, name="p.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def layer(path, driver, crs, shapes=None, xy=PLACES):
    shapes = shapely.points(xy) if shapes is None else shapes
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(shapes),
        field_data=[np.array(NAMES[: len(shapes)], object), np.arange(len(shapes)) * 10],
        fields=np.array(["city", "rank"], object),
        geometry_type="Unknown",
        driver=driver,
        layer="cities",
        crs=crs,
    )
    return path


def test_a_table(tmp_path):
    lines = 'Lon;Lat;city;t\n13.405;52.52;Berlin;1\n-122.42;37.77;"San; Francisco";\n'
    found = read_points(table(tmp_path, "\ufeff" + lines), "Lon", "Lat")
    assert found.places.tolist() == PLACES[:2].tolist()
    assert found.column("city") == ["Berlin", "San; Francisco"]
    assert found.column("t")[0] == 1
    assert np.isnan(found.column("t")[1])


def test_a_table_of_metres(tmp_path):
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(*PLACES.T)
    lines = "\n".join(f"{a!r},{b!r}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    found = read_points(table(tmp_path, "x,y\n" + lines), "x", "y", "EPSG:3857")
    assert found.places == pytest.approx(PLACES, abs=1e-8)


@pytest.mark.parametrize(("name", "driver"), [("p.gpkg", "GPKG"), ("p.geojson", "GeoJSON"), ("p.fgb", "FlatGeobuf")])
def test_a_layer(tmp_path, name, driver):
    found = read_points(layer(tmp_path / name, driver, "EPSG:4326"))
    order = np.argsort(found.column("rank"))
    assert found.places[order] == pytest.approx(PLACES, abs=1e-6)
    assert [found.column("city")[index] for index in order] == NAMES


def test_a_layer_in_another_crs(tmp_path):
    x, y = Transformer.from_crs(4326, 32633, always_xy=True).transform(PLACES[0, 0], PLACES[0, 1])
    found = read_points(layer(tmp_path / "p.gpkg", "GPKG", "EPSG:32633", xy=np.array([[x, y]])))
    assert found.places == pytest.approx(PLACES[:1], abs=1e-8)


def test_a_parquet_table_of_ours(tmp_path):
    columns = {
        "lon": PLACES[:, 0].copy(),
        "lat": PLACES[:, 1].copy(),
        "city": NAMES,
        "e": np.eye(3, 4, dtype=np.float32),
    }
    write_parquet(tmp_path / "p.parquet", columns)
    found = read_points(tmp_path / "p.parquet", "lon", "lat")
    assert np.array_equal(found.places, PLACES)
    assert found.column("city") == NAMES


def test_a_parquet_table_of_another_program(tmp_path):
    columns = {"lon": PLACES[:, 0], "lat": PLACES[:, 1], "city": NAMES, "warm": [1, None, 3]}
    pq.write_table(pa.table(columns), tmp_path / "p.parquet", compression="gzip", row_group_size=2)
    found = read_points(tmp_path / "p.parquet", "lon", "lat")
    assert np.array_equal(found.places, PLACES)
    assert found.column("city") == NAMES
    assert np.array_equal(found.column("warm"), [1, np.nan, 3], equal_nan=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lon,Lat\n1,2\n3,\n", "Row 2 of 'p.csv' has no coordinates"),
        ("Lon,Lat\n1,2\n3,nan\n", "Row 2 of 'p.csv' has no coordinates"),
        ("Lon,Lat\n1,2\nx,4\n", "Row 2 of 'p.csv' has 'x' in 'Lon', which is no number"),
        (
            "Lon,Lat\n52.5,113.4\n37,122\n",
            "beyond 90 degrees; longitude and latitude seem to be swapped",
        ),
        ("Lon,Lat\n10,50\n10,95\n10,51\n", "Row 2 of 'p.csv' has the latitude 95, beyond 90 degrees; mend it"),
        ("Lon,Lat\n152.5,113.4\n", "Row 1 of 'p.csv' has the latitude 113.4, beyond 90 degrees; mend it"),
        ("Lon,Lat\n250,13.4\n", "longitude 250, beyond 180"),
        ("Lon,Lat\n1,2,3\n", "Row 1 of 'p.csv' has 3 values for 2 columns"),
        ("x,y\n1,2\n", "has no column 'Lon'; it has x, y"),
        ("Lon,Lat\n", "no rows"),
        ("", "no rows"),
    ],
)
def test_a_bad_table_is_told_by_its_row(tmp_path, text, said):
    with pytest.raises(BadInput, match=said):
        read_points(table(tmp_path, text), "Lon", "Lat")


def test_columns_have_to_be_named(tmp_path):
    with pytest.raises(BadInput, match=r"--lon and --lat; 'p\.csv' has a, b"):
        read_points(table(tmp_path, "a,b\n1,2\n"))
    with pytest.raises(BadInput, match=r"--lon and --lat; 'p\.csv' has lon, lat, x, y"):
        read_points(table(tmp_path, "lon,lat,x,y\n1,2,500000,300\n"))
    with pytest.raises(BadInput, match="--lon and --lat"):
        read_points(table(tmp_path, "lon,lat\n1,2\n"), lon="lon")


@pytest.mark.parametrize("names", ["lon,lat", "Longitude,LATITUDE", "X,Y"])
def test_usual_columns_need_no_names(tmp_path, names):
    assert read_points(table(tmp_path, f"city,{names}\nBerlin,13.4,52.5\n")).places.tolist() == [[13.4, 52.5]]


def test_bad_layers(tmp_path):
    lines = layer(tmp_path / "l.gpkg", "GPKG", "EPSG:4326", shapely.linestrings([[[0, 0], [1, 1]]]))
    with pytest.raises(BadInput, match=r"Row 1 of 'l\.gpkg' is LineString; give a layer of single points"):
        read_points(lines)
    bare = layer(tmp_path / "b.gpkg", "GPKG", None)
    with pytest.raises(BadInput, match="does not say its CRS; name it with --crs"):
        read_points(bare)
    assert read_points(bare, crs="EPSG:4326").places == pytest.approx(PLACES)
    with pytest.raises(BadInput, match="does not lead to longitude"):
        read_points(bare, crs="EPSG:0")
    with pytest.raises(BadInput, match="a CRS of its own"):
        read_points(layer(tmp_path / "p.gpkg", "GPKG", "EPSG:4326"), crs="EPSG:4326")
    with pytest.raises(BadInput, match="has no layer 'towns'; it has cities"):
        read_points(tmp_path / "p.gpkg", layer="towns")
    (tmp_path / "broken.gpkg").write_bytes((tmp_path / "p.gpkg").read_bytes()[:3000])
    with pytest.raises(BadInput, match="cannot be read"):
        read_points(tmp_path / "broken.gpkg")
    virtual = table(tmp_path, "<OGRVRTDataSource></OGRVRTDataSource>", "v.gpkg")
    with pytest.raises(BadInput, match="virtual layer"):
        read_points(virtual)


def test_other_files(tmp_path):
    with pytest.raises(BadInput, match="no file"):
        read_points(tmp_path / "none.csv", "a", "b")
    with pytest.raises(BadInput, match="of a kind that is not read"):
        read_points(table(tmp_path, "x", "p.xlsx"))
    with pytest.raises(BadInput, match="virtual paths"):
        read_points(type(tmp_path)("/vsicurl/http:/host/p.csv"))
