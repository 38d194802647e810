"""Every kind of detector from an imported folder to a GeoPackage, as a user calls it: tiny networks, random weights.

What such a network finds means nothing; that the objects are the ones it found, whole and in their place, does.
"""

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

pytest.importorskip("torch")
pytest.importorskip("transformers")

from backend.__main__ import main
from backend.device import cpu
from backend.geo.polygonize import exact_polygons
from backend.models import weights
from backend.models.catalog import BUILT_IN
from tests.backend.models.detecting import DETECTORS, saved_detector

KINDS = {
    "grounding-dino-tiny": "grounding_dino",
    "mm-grounding-dino-tiny": "mm_grounding_dino",
    "llmdet-tiny": "mm_grounding_dino",
    "owlv2-base": "owlv2",
    "sam3-concepts": "sam3_concepts",
}
LEAST = {name: 0.1 if name == "sam3-concepts" else 0.4 for name in KINDS}
"""Thresholds that leave some of what these networks say; SAM 3 multiplies two scores."""
LEFT, TOP, SIDE = 500000, 4000000, 0.5


@pytest.fixture(scope="module", params=KINDS)
def installed(request, tmp_path_factory):
    """A detector's id, imported from a folder by the command line, and the home that holds it."""
    given, home = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("home")
    saved_detector(KINDS[request.param], given)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TOPOSCOPE_HOME", str(home))
        patched.setattr(weights, "known_files", lambda spec: ())  # the published files' checksums
        assert main(["models", "import", request.param, str(given)]) == 0
        yield request.param, home


def image_of(height, width, seed=0):
    cells = np.random.default_rng(seed).integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    return cells.repeat(8, 0).repeat(8, 1)[:height, :width]


@pytest.fixture
def ground(installed, tmp_path, capsys):
    """Run `ground` on pixels; return its answer, and rows and shapes of the GeoPackage."""
    name, _ = installed

    def run(pixels, text, *words):
        height, width = pixels.shape[:2]
        profile = {"driver": "GTiff", "width": width, "height": height, "count": 3, "dtype": "uint8", "crs": 32645}
        with rasterio.open(tmp_path / "s.tif", "w", transform=from_origin(LEFT, TOP, SIDE, SIDE), **profile) as out:
            out.write(pixels.transpose(2, 0, 1))
        out = tmp_path / "o.gpkg"
        given = ["--text", text, "--model", name, "--device", "cpu", "--granularity", "region", "--threshold"]
        capsys.readouterr()
        code = main(["ground", str(tmp_path / "s.tif"), *given, str(LEAST[name]), "--out", str(out), *words, "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        meta, _, geometry, columns = pyogrio.raw.read(out, layer="instances")
        rows = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)]
        return json.loads(printed.out), rows, shapely.from_wkb(geometry)

    return run


def found_by(installed, pixels, phrases):
    """Return what the installed detector itself gives for a picture of one tile."""
    name, home = installed
    spec = BUILT_IN.get(name)
    model = DETECTORS[KINDS[name]].module.load(spec, weights.folder_of(spec, home / "models"), cpu())
    found = model.detect(pixels, np.ones(pixels.shape[:2], bool), phrases)
    return model.input_size, [one for one in found if one.score >= LEAST[name]]


def test_one_tile_not_square_gives_what_the_detector_finds(installed, ground, tmp_path):
    pixels = image_of(40, 60)
    side, found = found_by(installed, pixels, ["red roof", "tree"])
    assert side >= 60
    assert found
    answer, rows, shapes = ground(pixels, "red roof; tree", "--classes", str(tmp_path / "c.tif"))
    assert answer["model"] == installed[0]
    assert 0 < answer["objects"] == len(rows) <= len(found)
    scores = {phrase: [one.score for one in found if one.phrase == k] for k, phrase in enumerate(("red roof", "tree"))}
    picture = shapely.box(LEFT, TOP - 40 * SIDE, LEFT + 60 * SIDE, TOP)
    for row, shape in zip(rows, shapes, strict=True):
        assert min(abs(row["score"] - score) for score in scores[row["label"]]) < 1e-5
        assert picture.buffer(1e-6).contains(shape)
        assert shape.is_valid
        assert shape.area == pytest.approx(row["area_m2"], rel=0.01)
    best, index = max(found, key=lambda one: one.score), max(range(len(rows)), key=lambda k: rows[k]["score"])
    assert rows[index]["score"] == pytest.approx(best.score, abs=1e-5)
    shape = shapely.transform(shapes[index], lambda xy: (xy - [LEFT, TOP]) / [SIDE, -SIDE])
    if best.mask is not None:
        wanted = shapely.MultiPolygon(exact_polygons(best.mask))
        assert shape.intersection(wanted).area > 0.9 * wanted.area
    else:
        wanted, around = shapely.box(*best.box), shape.envelope
        assert around.intersection(wanted).area > 0.2 * around.union(wanted).area
    with rasterio.open(tmp_path / "c.tif") as classes:
        assert (classes.width, classes.height) == (60, 40)
        assert set(np.unique(classes.read(1))) <= {0, 1, 2}


@pytest.mark.parametrize("installed", ["grounding-dino-tiny", "owlv2-base", "sam3-concepts"], indirect=True)
def test_many_tiles_many_phrases_and_synonyms(installed, ground):
    pixels = image_of(60, 1000) if installed[0] == "grounding-dino-tiny" else image_of(90, 200)
    text = "red roof, tree; car; swimming pool; solar panels"
    answer, rows, shapes = ground(pixels, text)
    assert {row["label"] for row in rows} <= {part.strip() for part in text.split(";")} == set(answer["shares"])
    assert len({row["id"] for row in rows}) == len(rows) == answer["objects"] > 0
    places = [(shape.centroid.x - LEFT) / SIDE / pixels.shape[1] for shape in shapes]
    assert min(places) < 0.5 < max(places)


def test_what_it_cannot_read_is_said(installed, tmp_path, capsys):
    with rasterio.open(tmp_path / "s.tif", "w", driver="GTiff", width=60, height=40, count=3, dtype="uint8") as out:
        out.write(image_of(40, 60).transpose(2, 0, 1))
    words = ["--model", installed[0], "--out", str(tmp_path / "o.gpkg")]
    assert main(["ground", str(tmp_path / "s.tif"), "--text", "красная крыша", *words]) == 2
    said = capsys.readouterr().err
    assert "English" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "o.gpkg").exists()
