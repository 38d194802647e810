import json

import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyproj import CRS

from backend.errors import BadInput
from backend.geo.read_geometry import geometries, geometry_columns

SHAPES = shapely.points([[1.0, 2.0], [3.0, 4.0]])
WKB = shapely.to_wkb(SHAPES).tolist()


def table(columns, column=None, primary="geometry"):
    about = {"primary_column": primary, "columns": {primary: column}} if column is not None else None
    found = pa.table(columns)
    return found.replace_schema_metadata({"geo": json.dumps(about)}) if about else found


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"geometry": WKB}, ("geometry",)),
        ({"geometry": WKB, "lon": [1, 2], "lat": [1, 2]}, ("geometry",)),
        ({"Longitude": [1, 2], "Latitude": [1, 2]}, ("Longitude", "Latitude")),
        ({"centre_lat": [1, 2], "centre_lon": [1, 2]}, ("centre_lon", "centre_lat")),
        ({"lon": [1, 2], "x": [1, 2]}, ()),
    ],
)
def test_columns_of_places(columns, said):
    assert geometry_columns(pa.table(columns).schema) == said


@pytest.mark.parametrize("stored", [WKB, [shape.wkt for shape in SHAPES]])
def test_binary_and_text_in_degrees_unless_said(stored):
    shapes, crs = geometries("t.parquet", table({"geometry": stored}))
    assert (shapes == SHAPES).all()
    assert CRS.from_user_input(crs) == CRS("OGC:CRS84")


def test_the_footer_names_the_column_and_its_crs():
    about = {"encoding": "WKB", "crs": CRS("EPSG:32631").to_json_dict()}
    shapes, crs = geometries("t.parquet", table({"where": WKB, "lon": [9, 9], "lat": [9, 9]}, about, "where"))
    assert (shapes == SHAPES).all()
    assert CRS.from_user_input(crs) == CRS("EPSG:32631")


def test_coordinates_that_are_missing_are_no_place():
    shapes, _ = geometries("t.parquet", table({"lon": [1.0, None], "lat": [2.0, 4.0]}))
    assert shapes[0] == shapely.Point(1, 2)
    assert shapes[1].is_empty


@pytest.mark.parametrize(
    ("stored", "about", "said"),
    [
        ([b"x", b"y"], {}, r"'t.parquet' cannot be read: its geometries are damaged, or neither WKB nor WKT\."),
        (["POINT", "y"], {}, "its geometries are damaged"),
        ([1, 2], {}, "its geometries are damaged"),
        (WKB, {"encoding": "point"}, "its geometries are encoded as 'point'; save them as WKB"),
        (WKB, {"crs": {"type": "no such"}}, "its CRS is none that is known"),
    ],
)
def test_what_cannot_be_read_is_said(stored, about, said):
    with pytest.raises(BadInput, match=said):
        geometries("t.parquet", table({"geometry": stored}, about))


def test_a_table_of_no_places():
    shapes, crs = geometries("t.parquet", table({"id": [1, 2]}))
    assert crs == ""
    assert np.array_equal(shapely.is_empty(shapes), [True, True])
