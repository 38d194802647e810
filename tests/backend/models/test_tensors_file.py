import numpy as np
import pytest

from backend.models.tensors_file import read_tensors


def test_reads_what_the_formats_own_library_writes(tmp_path):
    numpy = pytest.importorskip("safetensors.numpy")
    arrays = {
        "a": np.arange(6.0).reshape(2, 3),
        "b": np.float32([[1]]),
        "c": np.arange(3),
        "d": np.array(2.5, np.float16),
    }
    numpy.save_file(arrays, tmp_path / "t.safetensors", {"note": "kept apart"})
    found = read_tensors(tmp_path / "t.safetensors", lambda name: name != "c")
    assert set(found) == {"a", "b", "d"}
    for name, values in found.items():
        assert values.dtype == arrays[name].dtype
        assert np.array_equal(values, arrays[name])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 20,
        (10**6).to_bytes(8, "little") + b"{}",
        (60).to_bytes(8, "little") + b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}      ' + b"\0" * 4,
        (60).to_bytes(8, "little") + b'{"a":{"dtype":"Q99","shape":[2],"data_offsets":[0,8]}}      ' + b"\0" * 8,
    ],
)
def test_other_files_are_refused(tmp_path, data):
    (tmp_path / "t.safetensors").write_bytes(data)
    with pytest.raises(ValueError, match=r"no safetensors|cut off|type Q99"):
        read_tensors(tmp_path / "t.safetensors", lambda name: True)
