import numpy as np
import pytest

from backend.errors import BadInput
from backend.tasks.parquet import write_parquet
from backend.tasks.parquet_read import read_metadata, read_parquet
from backend.tasks.thrift import I64Value, struct
from backend.tasks.thrift_read import Reader

DRAWN = np.random.default_rng(0)
COLUMNS = {
    "path": ["köln.tif", "", "x" * 300],
    "row": np.array([-5, 0, 2**40]),
    "x": np.array([0.5, -1e300, np.nan]),
    "embedding": DRAWN.normal(size=(3, 256)).astype(np.float32),
    "one": DRAWN.normal(size=(3, 1)).astype(np.float32),
}


def test_structs_come_back():
    fields = ((1, 300), (2, I64Value(-7)), (9, b"ab"), (10, [1, 2, -3]), (11, [((1, b"x"),)] * 20))
    found = Reader(struct(fields)).struct()
    assert found == {1: 300, 2: -7, 9: b"ab", 10: [1, 2, -3], 11: [{1: b"x"}] * 20}


def test_what_was_written_is_read(tmp_path):
    write_parquet(tmp_path / "t.parquet", COLUMNS)
    found = read_parquet(tmp_path / "t.parquet")
    assert list(found) == list(COLUMNS)
    for name, values in COLUMNS.items():
        if isinstance(values, list):
            assert found[name] == values
        else:
            assert found[name].dtype == values.dtype
            assert np.array_equal(found[name], values, equal_nan=True)


def test_what_stands_in_the_footer(tmp_path):
    write_parquet(tmp_path / "t.parquet", COLUMNS, {"emb": '{"köln": 1}', "empty": ""})
    assert read_metadata(tmp_path / "t.parquet") == {"emb": '{"köln": 1}', "empty": ""}
    assert list(read_parquet(tmp_path / "t.parquet")) == list(COLUMNS)
    write_parquet(tmp_path / "t.parquet", COLUMNS)
    assert read_metadata(tmp_path / "t.parquet") == {}


def test_other_readers_find_the_footer_too(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    write_parquet(tmp_path / "t.parquet", COLUMNS, {"emb": '{"köln": 1}'})
    assert parquet.ParquetFile(tmp_path / "t.parquet").schema_arrow.metadata[b"emb"].decode() == '{"köln": 1}'


def test_a_file_cut_off_anywhere_or_changed_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "t.parquet"
    write_parquet(path, COLUMNS)
    whole = path.read_bytes()
    for length in (0, 4, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(BadInput, match="damaged or cut off"):
            read_parquet(path)
    footer = int.from_bytes(whole[-8:-4], "little")
    for at in range(len(whole) - 8 - footer, len(whole) - 8, 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        try:
            read_parquet(path)
        except BadInput as error:
            assert "t.parquet" in error.detail  # noqa: PT017


def test_compressed_files_of_others_are_refused(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    parquet.write_table(arrow.table({"a": [1, 2, 3]}), tmp_path / "o.parquet")
    with pytest.raises(BadInput, match="not read here"):
        read_parquet(tmp_path / "o.parquet")
