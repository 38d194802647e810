"""[SEG] states to polygons through the command line, with a GeoPixel in small whose weights are random."""

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from safetensors.torch import save_file  # noqa: E402

from backend.__main__ import main  # noqa: E402
from backend.device import cpu  # noqa: E402
from backend.geo.reader import SourceReader  # noqa: E402
from backend.models import geopixel  # noqa: E402
from backend.models.segmenter import Decoded  # noqa: E402
from backend.protocol.jobs import JobRequest, Output  # noqa: E402
from backend.protocol.source import Source  # noqa: E402
from backend.tasks.outline_tokens import Token, run_outline  # noqa: E402
from tests.backend.models.promptable import SAM2_SIDE, sam2_config  # noqa: E402
from tests.backend.models.test_geopixel import WIDE, model, projection, tensors  # noqa: E402

__all__ = ["model", "projection", "tensors"]
WIDTH, HEIGHT = 300, 200
LEFT, TOP, SIDE = 500000, 4000000, 0.5
TRIANGLE = "POLYGON ((500000 3999990, 500090 3999990, 500000 3999950, 500000 3999990))"
assert WIDTH > SAM2_SIDE


@pytest.fixture(scope="module")
def weights(tensors, tmp_path_factory):
    folder = tmp_path_factory.mktemp("GeoPixel")
    save_file(tensors, folder / "model.safetensors")
    return folder


@pytest.fixture(scope="module")
def image():
    return np.random.default_rng(0).integers(0, 256, (10, 15, 3), np.uint8).repeat(20, 0).repeat(20, 1)


def write(path, pixels, left=LEFT, top=TOP):
    height, width = pixels.shape[:2]
    profile = {"driver": "GTiff", "width": width, "height": height, "count": 3, "dtype": "uint8", "crs": 32645}
    with rasterio.open(path, "w", transform=from_origin(left, top, SIDE, SIDE), **profile) as out:
        out.write(pixels.transpose(2, 0, 1))
    return path


@pytest.fixture
def outline(weights, image, tmp_path, monkeypatch, capsys):
    """Run the command in this process; its answer, or (exit code, the line of its error)."""
    monkeypatch.setattr(geopixel, "published", sam2_config)
    write(tmp_path / "scene.tif", image)

    def run(states, *words, scene="scene.tif", out="o.gpkg", folder=weights):
        given = ["--states", tmp_path / states, "--weights", folder, "--out", tmp_path / out, "--device", "cpu"]
        code = main(["outline", *map(str, [tmp_path / scene, *given, "--json", *words])])
        printed = capsys.readouterr()
        return json.loads(printed.out) if code == 0 else (code, printed.err.strip())

    return run


@pytest.fixture(scope="module")
def states():
    return torch.randn(3, WIDE, generator=torch.Generator().manual_seed(2))


def objects(path):
    meta, _, geometry, columns = pyogrio.raw.read(path, layer="instances")
    rows = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)]
    return rows, shapely.from_wkb(geometry)


def expected(folder, image, states):
    """Return the masks of all states at the image's size, from the model itself."""
    model = geopixel.load(folder, cpu(), sam2_config())
    embedding = model.encode(image, np.ones(image.shape[:2], bool))
    return [one.logits > 0 for one in model.outline(embedding, states.numpy())]


def test_each_token_is_an_object_named_by_its_phrase(outline, weights, image, states, tmp_path):
    save_file({"tennis court": states[:2].bfloat16(), "car": states[2].bfloat16()}, tmp_path / "s.safetensors")
    answer = outline("s.safetensors")
    rows, shapes = objects(answer["out"])
    masks = expected(weights, image, states.bfloat16().float()[[2, 0, 1]])
    assert [row["phrase"] for row in rows] == [row["label"] for row in rows] == ["car", "tennis court", "tennis court"]
    assert [row["id"] for row in answer["objects"]] == ["1", "2", "3"]
    for row, shape, mask in zip(rows, shapes, masks, strict=True):
        assert 0.05 < mask.mean() < 0.95
        assert shape.area == pytest.approx(mask.sum() * SIDE**2, rel=0.02)
        assert row["area_m2"] == pytest.approx(shape.area, rel=0.01)
        drawn = rasterize([shape], mask.shape, transform=from_origin(LEFT, TOP, SIDE, SIDE)) > 0
        assert (drawn & mask).sum() / (drawn | mask).sum() > 0.9
        assert 0 <= row["score"] == row["score_max"] <= 1
    record = json.loads((tmp_path / "o.run.json").read_text())
    assert (record["task"], record["model"]["id"], record["source"]["width"]) == ("outline", "geopixel", WIDTH)
    assert [output["name"] for output in record["outputs"]] == ["o.gpkg"]


def test_a_part_is_seen_as_a_picture_of_its_own(outline, image, states, tmp_path):
    np.save(tmp_path / "s.npy", states.numpy())
    write(tmp_path / "part.tif", image[40:190, 60:280], LEFT + 60 * SIDE, TOP - 40 * SIDE)
    bounds = LEFT + 60 * SIDE, TOP - 190 * SIDE, LEFT + 280 * SIDE, TOP - 40 * SIDE
    answers = [outline("s.npy", "--area", ",".join(map(str, bounds)), out="a.gpkg"),
               outline("s.npy", scene="part.tif", out="b.gpkg")]  # fmt: skip
    (one, first), (other, second) = (objects(answer["out"]) for answer in answers)
    assert {row["phrase"] for row in one} == {"object"}
    assert len(one) == len(other) > 0
    assert shapely.equals_exact(first, second, 1e-6).all()
    assert shapely.box(*bounds).buffer(1e-6).contains(shapely.union_all(first))


def test_a_large_picture_is_read_smaller_and_drawn_in_its_place(outline, image, states, tmp_path):
    np.save(tmp_path / "s.npy", states.numpy())
    write(tmp_path / "large.tif", image.repeat(4, 0).repeat(4, 1))
    small, large = objects(outline("s.npy")["out"]), objects(outline("s.npy", scene="large.tif", out="l.gpkg")["out"])
    for one, other in zip(small[1], large[1], strict=True):
        scaled = shapely.transform(one, lambda xy: (xy - [LEFT, TOP]) * 4 + [LEFT, TOP])
        assert scaled.intersection(other).area / scaled.union(other).area > 0.9


class Blind:
    """Finds nothing."""

    input_size = 256

    def encode(self, image, valid):
        return valid

    def outline(self, embedding, states):
        return [Decoded(np.full(embedding.shape, -1, np.float32), 0.1) for _ in states]


def test_what_is_not_there_is_said_and_leaves_no_object(image, tmp_path):
    path, said = write(tmp_path / "scene.tif", image), []
    source = Source(path=str(path))
    request = JobRequest(task="outline", source=source, output=Output(path=str(tmp_path / "o.gpkg")))
    with SourceReader(source, path) as reader:
        run_outline(request, [Token("car", np.zeros(4, np.float32))], Blind(), {"id": "blind"}, reader, said.append)
    assert said == ["Token 1 ('car'): nothing was found; no polygon was made."]
    assert objects(tmp_path / "o.gpkg")[0] == []


@pytest.mark.parametrize(
    ("name", "value", "words", "said"),
    [
        ("s.npy", np.zeros((2, WIDE - 1), np.float32), (), "each must be a row of 40 numbers"),
        ("s.npy", np.zeros((0, WIDE), np.float32), (), "holds no hidden state"),
        ("s.npy", np.full((1, WIDE), np.nan, np.float32), (), "no rows of finite numbers"),
        ("s.npy", np.zeros((1, 2, WIDE), np.float32), (), "no rows of finite numbers"),
        ("s.npy", np.array([{"a": 1}]), (), "cannot be read"),
        ("s.safetensors", b"no tensors", (), "cannot be read"),
        ("none.npy", None, (), "cannot be read"),
        ("s.npy", np.zeros((1, WIDE)), ("--area", TRIANGLE), "sees a rectangle"),
        ("s.npy", np.zeros((1, WIDE)), ("--area", "0,0,10,10"), "outside 'scene.tif'"),
        ("s.npy", np.zeros((1, WIDE)), ("--bands", "9,1,2"), "band"),
    ],
)  # fmt: skip
def test_bad_input_is_told_in_one_line(outline, tmp_path, name, value, words, said):
    if isinstance(value, bytes):
        (tmp_path / name).write_bytes(value)
    elif value is not None:
        np.save(tmp_path / name, value, allow_pickle=True)
    code, line = outline(name, *words)
    assert code == 2
    assert said in line
    assert len(line.splitlines()) == 1
    assert not (tmp_path / "o.gpkg").exists()


def test_a_folder_that_holds_something_else_is_said(outline, states, tmp_path):
    np.save(tmp_path / "s.npy", states.numpy())
    code, line = outline("s.npy", folder=tmp_path)
    assert code == 1
    assert "does not hold GeoPixel's weights" in line
