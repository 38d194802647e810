import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from backend.errors import BadInput
from backend.geo.hilbert import hilbert_order
from backend.geo.read_parquet import read_metadata, read_parquet
from backend.geo.write_parquet import write_geoparquet, write_parquet

DRAWN = np.random.default_rng(0)
COLUMNS = {
    "path": ["köln.tif", "", "x" * 300],
    "row": np.array([-5, 0, 2**40]),
    "x": np.array([0.5, -1e300, np.nan]),
    "embedding": DRAWN.normal(size=(3, 256)).astype(np.float32),
    "one": DRAWN.normal(size=(3, 1)).astype(np.float32),
}


def foreign(path, columns, **options):
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_what_was_written_is_read(tmp_path):
    write_parquet(tmp_path / "t.parquet", COLUMNS, {"emb": '{"köln": 1}', "empty": ""})
    found = read_parquet(tmp_path / "t.parquet")
    assert list(found) == list(COLUMNS)
    for name, values in COLUMNS.items():
        if isinstance(values, list):
            assert found[name] == values
        else:
            assert found[name].dtype == values.dtype
            assert np.array_equal(found[name], values, equal_nan=True)
    assert read_metadata(tmp_path / "t.parquet") == {"emb": '{"köln": 1}', "empty": ""}
    assert list(read_parquet(tmp_path / "t.parquet", ["x"])) == ["x"]


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
def test_tables_of_others_in_any_compression_and_several_groups(tmp_path, compression):
    vectors = DRAWN.normal(size=(7, 5)).astype(np.float32)
    columns = {
        "large": pa.array(vectors.tolist(), pa.large_list(pa.float64())),
        "half": pa.array(vectors.astype(np.float16).tolist(), pa.list_(pa.float16())),
        "fixed": pa.array([*vectors[:6].tolist(), None], pa.list_(pa.float32(), 5)),
        "named": pa.array(["a", None, "b", "a", "b", "a", "c"]).dictionary_encode(),
        "count": pa.array([1, None, 3, 4, 5, 6, 7], pa.int16()),
        "sure": pa.array([True, None, False, True, True, True, True]),
        "when": pa.array([0] * 7, pa.timestamp("us")),
        "raw": pa.array([b"x"] * 7),
    }
    found = read_parquet(foreign(tmp_path / "t.parquet", columns, compression=compression, row_group_size=3))
    assert list(found) == ["large", "half", "fixed", "named", "count", "sure"]
    assert np.array_equal(found["large"], vectors)
    assert np.array_equal(found["half"], vectors.astype(np.float16).astype(np.float32))
    assert np.array_equal(found["fixed"][:6], vectors[:6])
    assert np.isnan(found["fixed"][6]).all()
    assert found["named"] == ["a", "", "b", "a", "b", "a", "c"]
    assert np.array_equal(found["count"], [1, np.nan, 3, 4, 5, 6, 7], equal_nan=True)
    assert np.array_equal(found["sure"], [1, np.nan, 0, 1, 1, 1, 1], equal_nan=True)


def test_missing_numbers_and_lists_are_nan(tmp_path):
    columns = {"e": pa.array([[1, 2], [3, None], [], None, [4, 5]], pa.list_(pa.float32()))}
    found = read_parquet(foreign(tmp_path / "t.parquet", columns))["e"]
    assert np.array_equal(found, [[1, 2], [3, np.nan], [np.nan] * 2, [np.nan] * 2, [4, 5]], equal_nan=True)


def test_lists_of_differing_lengths_are_refused_in_a_sentence(tmp_path):
    path = foreign(tmp_path / "t.parquet", {"e": [[1.0, 2.0], [3.0, 4.0], [5.0]]})
    with pytest.raises(BadInput, match="column 'e' has 2 numbers in one row and 1 in row 3"):
        read_parquet(path)


def test_a_file_cut_off_anywhere_or_changed_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "t.parquet"
    write_parquet(path, COLUMNS)
    whole = path.read_bytes()
    for length in (0, 4, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(BadInput, match=r"'t.parquet' is no Parquet file, damaged or cut off\."):
            read_parquet(path)
    for at in range(4, len(whole), 11):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        try:
            read_parquet(path)
        except BadInput as error:
            assert "t.parquet" in error.detail  # noqa: PT017


def test_rows_without_a_place_come_last_and_have_no_box(tmp_path):
    shapes = np.array([None, shapely.Point(5, 5), shapely.Point(), shapely.Point(1, 2)], object)
    write_geoparquet(tmp_path / "g.parquet", {"id": ["a", "b", "c", "d"]}, shapes, "EPSG:4326")
    table = pq.read_table(tmp_path / "g.parquet")
    assert table.column("id").to_pylist() == ["d", "b", "a", "c"]
    assert [one is None for one in table.column("geometry").to_pylist()] == [False, False, True, True]
    assert table.column("bbox").to_pylist()[2:] == [None, None]


def test_the_hilbert_curve_goes_from_neighbour_to_neighbour():
    columns, rows = np.meshgrid(np.arange(16.0), np.arange(16.0))
    places = np.stack([columns.ravel(), rows.ravel()], axis=1)
    along = places[hilbert_order(places)]
    assert (np.abs(np.diff(along, axis=0)).sum(1) == 1).all()
    assert np.array_equal(hilbert_order(np.array([[1.0, 1], [np.nan, 0], [1, 1]])), [0, 2, 1])
