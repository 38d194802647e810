"""Rasters that are damaged, lie, hold nothing or point elsewhere: one sentence each, and the next click works."""

import struct

import numpy as np
import pytest

ANYWHERE = {"points": [{"x": 5, "y": 5}], "pixel": True}
VRT = """<VRTDataset rasterXSize="2" rasterYSize="2"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>
<SourceFilename relativeToVRT="0">{}</SourceFilename><SourceBand>1</SourceBand>
</SimpleSource></VRTRasterBand></VRTDataset>"""


def lying(width, height, offset=200):
    """Return a TIFF whose header promises `width` x `height` bytes at `offset` and that holds four."""
    entries = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, offset), (277, 3, 1)]
    entries += [(278, 4, height), (279, 4, min(width * height, 2**32 - 1))]
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return (b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + b"\0" * 4).ljust(200, b"\0") + b"abcd"


@pytest.fixture
def says(served, image, sentence):
    """Click on a file; return the code of its refusal after seeing that the next click works."""

    def click(path, prompts=ANYWHERE, **source):
        answer = served.click(path, prompts, **source)
        assert 400 <= answer.status_code < 500
        assert sentence(answer.json()["detail"]), answer.json()["detail"]
        assert served.click(image).json()["area_m2"] == pytest.approx(1500, rel=0.1)
        return answer.json()["code"]

    return click


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "source-unreadable"),
        (b"hello" * 100, "source-unreadable"),
        (lying(30_000, 30_000), "source-unreadable"),
        (lying(2**31 - 1, 2**31 - 1), "source-too-large"),
        (lying(300, 300, 10**9), "source-unreadable"),
        (b"II*\0" + struct.pack("<IHI", 8, 0, 8), "source-unreadable"),
        (VRT.format("/etc/passwd").encode(), "source-refused"),
        (b"<!--" + b"x" * 5000 + b"-->" + VRT.format("/etc/passwd").encode(), "source-unreadable"),
    ],
    ids=["0 bytes", "garbage", "promises", "huge", "offset", "loop", "vrt", "late vrt"],
)
def test_files_that_are_no_rasters_or_lie(says, tmp_path, content, code):
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    assert says(path) == code


@pytest.mark.parametrize("part", [0.5, 0.02])
def test_a_truncated_raster(says, image, tmp_path, part):
    whole = image.read_bytes()
    (tmp_path / "a.tif").write_bytes(whole[: int(len(whole) * part)])
    assert says(tmp_path / "a.tif") == "source-unreadable"


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1/a.tif", "/vsizip//data/a.zip/a.tif", "/vsizip/{/data/a.zip}/a.tif",
        "http://127.0.0.1/a.tif", "GTIFF_DIR:1:/data/a.tif", "a.tif", "../a.tif", "\\\\host\\share\\a.tif",
        "/data/a.tif\0.png", "/" + "a" * 5000, "/a" * 3000, "/dev/zero", "/proc/self/mem",
    ],
)  # fmt: skip
def test_paths_that_are_no_file_of_ours(says, path):
    assert says(path) in ("source-refused", "source-missing", "source-unreadable")


@pytest.mark.parametrize(
    "values",
    [
        np.full((3, 300, 300), np.nan, "float32"),
        np.full((1, 300, 300), np.inf, "float32"),
        np.zeros((3, 300, 300), "uint8"),
        np.zeros((13, 300, 300), "uint16"),
    ],
    ids=["NaN", "infinity", "nodata", "nodata 16 bit"],
)
def test_nothing_but_nodata(says, raster, values):
    assert says(raster(values, nodata=None if values.dtype == "float32" else 0)) == "no-valid-pixels"


@pytest.mark.parametrize("bands", [1, 2, 3, 13])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_any_number_of_bands_works(served, raster, pixels, bands, dtype):
    assert served.click(raster(pixels(bands, dtype))).json()["area_m2"] == pytest.approx(1500, rel=0.1)


def test_half_of_it_nodata(served, raster, pixels):
    values = np.where(np.arange(300) < 120, np.nan, pixels(1, "float32")).astype("float32")
    answer = served.click(raster(values), {"box": {"x0": 118, "y0": 98, "x1": 202, "y1": 162}, "pixel": True})
    assert answer.json()["area_m2"] == pytest.approx(1200, rel=0.15)


def test_without_a_crs_the_area_is_unknown_and_the_object_there(served, raster, pixels):
    answer = served.click(raster(pixels(), crs=None)).json()
    assert answer["polygons"]
    assert answer["area_m2"] == 0


def test_deleted_replaced_and_cut_between_open_and_click(served, image, raster, pixels, sentence):
    path = raster(pixels())
    changes = {
        path.unlink: "source-missing",
        lambda: path.write_bytes(b""): "source-changed",
        lambda: path.write_bytes(image.read_bytes()[:4000]): "source-changed",
    }
    for change, code in changes.items():
        path.write_bytes(image.read_bytes())
        session = served.open(path).json()["id"]
        change()
        answer = served.predict(session)
        assert answer.json()["code"] == code
        assert sentence(answer.json()["detail"])
    path.write_bytes(image.read_bytes())
    assert served.click(path).status_code == 200


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"bands": [99]}, "parameter-invalid"),
        ({"bands": [10**30]}, "parameter-invalid"),
        ({"bands": [1, 2]}, "parameter-invalid"),
        ({"stretch": [{"low": 5, "high": 5}] * 3}, "parameter-invalid"),
        ({"path": "", "upload": "../../../etc/passwd"}, "source-missing"),
        ({"path": "", "upload": "0" * 32}, "source-missing"),
    ],
)
def test_ways_of_seeing_it_that_do_not_fit(says, image, source, code):
    assert says(source.pop("path", image), **source) == code
