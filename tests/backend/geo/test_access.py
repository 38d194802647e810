import struct
from pathlib import Path

import pytest
import rasterio

from backend.errors import BadInput
from backend.geo.access import open_source
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source

VRT = """<VRTDataset rasterXSize="2" rasterYSize="2"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>
<SourceFilename relativeToVRT="0">{}</SourceFilename><SourceBand>1</SourceBand>
</SimpleSource></VRTRasterBand></VRTDataset>"""


def refused(path, roots=None):
    with pytest.raises(BadInput) as error:
        open_source(path, roots).close()
    assert "\n" not in error.value.detail
    assert error.value.detail.endswith(".")
    return error.value.code


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://example.org/a.tif",
        "/VSICURL/https://example.org/a.tif",
        "//vsimem/a.tif",
        "\\vsizip\\a.zip\\a.tif",
        "/vsizip//data/a.zip/a.tif",
        "https://example.org/a.tif",
        "HTTP://example.org/a.tif",
        "file:///etc/passwd",
        "GTIFF_DIR:1:/data/a.tif",
        "NETCDF:/data/a.nc:x",
        "MEM:::DATAPOINTER=1,PIXELS=1,LINES=1",
        "<VRTDataset rasterXSize='1' rasterYSize='1'/>",
        "relative/a.tif",
        "../a.tif",
        "/data/a\0.tif",
        "",
    ],
)
def test_what_is_not_a_file_on_disk_is_refused(path):
    assert refused(path) == codes.SOURCE_REFUSED


def test_missing_folder_and_empty(tmp_path):
    assert refused(tmp_path / "none.tif") == codes.SOURCE_MISSING
    assert refused(tmp_path) == codes.SOURCE_UNREADABLE
    (tmp_path / "empty.tif").touch()
    assert refused(tmp_path / "empty.tif") == codes.SOURCE_UNREADABLE


@pytest.mark.parametrize("name", ["a.vrt", "a.tif", "a.png"])
def test_a_virtual_raster_is_refused_whatever_its_name(tmp_path, raster, pattern, name):
    (tmp_path / name).write_text(VRT.format(raster(pattern(1), "secret.tif")))
    assert refused(tmp_path / name) == codes.SOURCE_REFUSED


@pytest.mark.parametrize("suffix", [".ovr", ".msk"])
def test_a_virtual_raster_beside_the_file_is_refused(tmp_path, raster, pattern, suffix):
    path = raster(pattern(1))
    path.with_name(path.name + suffix).write_text(VRT.format(path))
    assert refused(path) == codes.SOURCE_REFUSED


def test_overviews_in_another_file_are_refused(raster, pattern):
    path = raster(pattern(1))
    other = raster(pattern(1, 5, 6), "other.tif")
    Path(f"{path}.aux.xml").write_text(
        f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{other}</MDI></Metadata></PAMDataset>'
    )
    assert refused(path) == codes.SOURCE_REFUSED


def test_pixels_in_a_file_of_another_folder_are_refused(tmp_path, raster, pattern):
    """An Erdas file may keep its pixels in an .ige file whose name it holds."""
    (tmp_path / "b").mkdir()
    path = raster(pattern(1), "b/aaaaaaaa.img", driver="HFA", use_spill="yes")
    open_source(path).close()
    (tmp_path / "b" / "aaaaaaaa.ige").rename(tmp_path / "aaaaa.ige")
    path.write_bytes(path.read_bytes().replace(b"aaaaaaaa.ige", b"../aaaaa.ige"))
    assert refused(path) == codes.SOURCE_REFUSED


def test_only_files_under_the_roots_are_read(tmp_path, raster, pattern):
    path = raster(pattern())
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.tif").symlink_to(path)
    assert refused(inside / "link.tif", [inside]) == codes.SOURCE_REFUSED
    assert refused(inside / ".." / "raster.tif", [inside]) == codes.SOURCE_REFUSED
    with open_source(path, [tmp_path]) as dataset:
        assert dataset.count == 3


@pytest.mark.parametrize("text", [b"not a raster", b"II*\0" + b"\xff" * 40, b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_raster(tmp_path, text):
    (tmp_path / "a.tif").write_bytes(text)
    assert refused(tmp_path / "a.tif") == codes.SOURCE_UNREADABLE


def lying_tiff(width, height):
    """A TIFF whose header promises width x height bytes in one strip and holds four."""
    entries = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 200), (277, 3, 1)]
    entries += [(278, 4, height), (279, 4, min(width * height, 2**32 - 1))]
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return (b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + b"\0" * 4).ljust(200, b"\0") + b"abcd"


def test_a_tiff_that_promises_more_than_it_holds(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(lying_tiff(3000, 3000))
    with pytest.raises(BadInput) as error, SourceReader(Source(path=str(path)), path) as reader:
        reader.read(Window(0, 0, 500, 500))
    assert error.value.code == codes.SOURCE_UNREADABLE
    path.write_bytes(lying_tiff(2**31 - 1, 2**31 - 1))
    assert refused(path) in (codes.SOURCE_TOO_LARGE, codes.SOURCE_UNREADABLE)


def test_a_truncated_tiff(raster, pattern):
    path = raster(pattern(3, 300, 300), compress="deflate")
    path.write_bytes(path.read_bytes()[:-20000])
    with pytest.raises(BadInput) as error, SourceReader(Source(path=str(path)), path) as reader:
        reader.read(Window(0, 200, 300, 100))
    assert error.value.code == codes.SOURCE_UNREADABLE


@pytest.mark.parametrize(("driver", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_a_truncated_picture(raster, pattern, driver, name):
    path = raster(pattern(3, 300, 300), name, crs=None, driver=driver)
    path.write_bytes(path.read_bytes()[:-30000])
    with pytest.raises(BadInput) as error, SourceReader(Source(path=str(path)), path) as reader:
        reader.read(Window(0, 0, 300, 300))
    assert error.value.code == codes.SOURCE_UNREADABLE


def test_a_huge_sparse_raster_is_too_large(tmp_path):
    path = tmp_path / "huge.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=2_000_000, height=2_000_000, count=3, dtype="uint8", tiled=True,
        blockxsize=4096, blockysize=4096, sparse_ok=True, bigtiff="yes", interleave="band",
    ):  # fmt: skip
        pass
    assert refused(path) == codes.SOURCE_TOO_LARGE


def test_the_georeference_beside_a_file_is_read_and_nothing_is_written(tmp_path, pattern, raster):
    path = raster(pattern(1), "a.png", crs=None, driver="PNG")
    Path(f"{path}.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:4326</SRS><GeoTransform>85, 1e-6, 0, 27, 0, -1e-6</GeoTransform></PAMDataset>"
    )
    before = sorted(tmp_path.iterdir())
    with SourceReader(Source(path=str(path)), path) as reader:
        assert reader.grid.crs == "EPSG:4326"
        assert reader.grid.transform.c == 85
        reader.read(Window(0, 0, 50, 40))
    assert sorted(tmp_path.iterdir()) == before
