import numpy as np
import pytest

from backend.tasks.parquet import write_parquet
from backend.tasks.thrift import I64Value, struct, varint


def test_varints():
    assert [varint(n) for n in (0, 127, 128, 300)] == [b"\0", b"\x7f", b"\x80\x01", b"\xac\x02"]


def test_a_struct_says_which_fields_it_has():
    assert struct(((1, 1), (3, b"ab"))) == b"\x15\x02\x28\x02ab\x00"
    assert struct(((2, I64Value(-1)),)) == b"\x26\x01\x00"


def test_the_file_begins_and_ends_as_it_must(tmp_path):
    path = tmp_path / "t.parquet"
    write_parquet(path, {"path": ["a", "b"], "embedding": np.eye(2, 3, dtype=np.float32)})
    data = path.read_bytes()
    assert data[:4] == data[-4:] == b"PAR1"
    footer = int.from_bytes(data[-8:-4], "little")
    assert b"embedding" in data[-8 - footer : -8]


def test_a_reader_gets_back_what_was_written(tmp_path):
    reader = pytest.importorskip("pyarrow.parquet")
    drawn = np.random.default_rng(0)
    columns = {
        "path": ["köln.tif", "", "x" * 300],
        "row": np.array([-5, 0, 2**40]),
        "x": np.array([0.5, -1e300, 3.0]),
        "embedding": drawn.normal(size=(3, 256)).astype(np.float32),
        "one": drawn.normal(size=(3, 1)).astype(np.float32),
    }
    write_parquet(tmp_path / "t.parquet", columns)
    table = reader.read_table(tmp_path / "t.parquet")
    assert table.column_names == list(columns)
    for name, values in columns.items():
        found = table[name].to_pylist()
        assert found == (values if isinstance(values, list) else values.tolist()), name
