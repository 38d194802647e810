"""Synthetic pixels are told within the file, in words every reader of TIFF knows, and the marks outlive copies."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine

from backend.geo.mosaic_vrt import Mosaic, Piece, picture_bands
from backend.geo.raster import Grid, Window
from backend.geo.synthetic import Synthetic, weights_digest
from backend.geo.write_cog import AVERAGE, cog_writer

MARK = Synthetic("mini-generator", "ab" * 32, "run-7", 3, prompt='<harbour> & "quay"')
SIDE = 1100
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


@pytest.fixture(scope="module")
def pixels():
    values = np.random.default_rng(0).integers(0, 255, (4, SIDE, SIDE)).astype(np.uint8)
    values[3] = 255
    values[3, :100] = 0
    return values


@pytest.fixture(scope="module")
def cog(tmp_path_factory, pixels):
    return made(tmp_path_factory.mktemp("marked"), pixels, MARK)


def made(folder, pixels, mark):
    with rasterio.open(folder / "a.tif", "w", driver="GTiff", width=SIDE, height=SIDE, count=4, dtype="uint8") as file:
        file.write(pixels)
    grid = Grid(SIDE, SIDE, Affine(0.5, 0, 500_000, 0, -0.5, 4_000_000), "EPSG:32640")
    tags = {"AREA_OR_POINT": "Area", **mark.tags()}
    mosaic = Mosaic(grid, [Piece("a.tif", Window(0, 0, SIDE, SIDE))], picture_bands(), tags, mark.xmp())
    cog_writer(mosaic.write(folder / "a.vrt"), AVERAGE, picture=True)(folder / "cog.tif")
    return folder / "cog.tif"


@pytest.fixture(scope="module", params=["first", "copied"])
def marked(request, cog):
    if request.param == "first":
        return cog
    copied = cog.with_name("copied.tif")
    rasterio.shutil.copy(cog, copied, driver="COG", compress="DEFLATE")
    return copied


def test_tags_say_it_in_the_file_and_in_a_copy(marked):
    with rasterio.open(marked) as dataset:
        tags = dataset.tags()
    assert tags["AI_GENERATED"] == "YES"
    assert tags["AI_MODEL"] == f"mini-generator@{'ab' * 32}"
    assert (tags["AI_RUN_ID"], tags["AI_SEED"], tags["AI_PROMPT"]) == ("run-7", "3", '<harbour> & "quay"')
    assert tags["TIFFTAG_IMAGEDESCRIPTION"] == "SYNTHETIC (AI-generated), not an observation"
    assert tags["TIFFTAG_SOFTWARE"] == "Toposcope"


def test_the_xmp_packet_lies_in_the_file_well_formed(marked):
    data = marked.read_bytes()
    packet = data[data.index(b"<?xpacket begin") : data.index(b'<?xpacket end="w"?>')]
    root = ElementTree.fromstring(packet[packet.index(b"<x:xmpmeta") :])
    said = {node.tag.removeprefix(IPTC): node.text for node in root.iter() if node.tag.startswith(IPTC)}
    assert said["DigitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert said["AIPromptInformation"] == '<harbour> & "quay"'
    assert said["AISystemUsed"] == "Toposcope mini-generator"


def test_it_is_a_picture_and_a_valid_cog(marked, pixels):
    with rasterio.open(marked) as dataset:
        assert [kind.name for kind in dataset.colorinterp] == ["red", "green", "blue", "alpha"]
        assert (dataset.read() == pixels).all()
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.overviews(1)
        levels = len(dataset.overviews(1))
    heads, data = zip(*(offsets(marked, level) for level in (None, *range(levels))), strict=True)
    assert list(heads) == sorted(heads)
    assert list(data) == sorted(data, reverse=True)  # the coarsest first
    assert max(heads) < min(data)


def offsets(path, level):
    """Return where the directory of a level lies in the file, and its first block."""
    with rasterio.open(path, **({} if level is None else {"overview_level": level})) as dataset:
        found = dataset.get_tag_item("IFD_OFFSET", "TIFF", bidx=1), dataset.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", 1)
        return tuple(map(int, found))


def test_what_is_painted_into_an_observation_is_a_composite(tmp_path, pixels):
    path = made(tmp_path, pixels, Synthetic("mini-painter", "cd", "r", 0, composite=True))
    assert b"/compositeWithTrainedAlgorithmicMedia<" in path.read_bytes()
    with rasterio.open(path) as dataset:
        assert "AI_PROMPT" not in dataset.tags()
        assert "in part" in dataset.tags()["TIFFTAG_IMAGEDESCRIPTION"]


def test_the_same_marks_give_the_same_bytes(tmp_path, pixels, cog):
    assert made(tmp_path, pixels, MARK).read_bytes() == cog.read_bytes()


def test_one_digest_stands_for_all_files_of_a_model():
    assert weights_digest({"a.onnx": "12"}) == "12"
    both = weights_digest({"a.onnx": "12", "b.onnx": "34"})
    assert both == weights_digest({"b.onnx": "34", "a.onnx": "12"})
    assert both != weights_digest({"a.onnx": "34", "b.onnx": "12"})
