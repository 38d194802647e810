"""Words to phrases: synonyms by max, one softmax over all words, the paper's threshold, any stride."""

import numpy as np
import pytest
import shapely

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.segearth_classes import best_of_synonyms, class_map, probabilities
from backend.protocol import codes
from backend.protocol.source import Source
from backend.tasks.ground.blend import Blended, Blender
from backend.tasks.ground.example import _Cells, _honest, learn_example
from backend.tasks.ground.phrases import in_english
from backend.tasks.ground.quantise import SCORES, least_score, to_bytes
from backend.tasks.ground.reading import best_words
from backend.tasks.ground.scorer import Scorer
from backend.tasks.ground.synonyms import synonyms_of
from backend.tasks.tiles import TileLattice
from tests.backend.tasks.ground.conftest import COLOURS, Colours


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("building, roof,house", ("building", "roof", "house")),
        ("建筑、屋顶，房子", ("building", "roof", "house")),
        ("houses, with red roofs", ("houses, with red roofs",)),
        ("large, round tanks", ("large, round tanks",)),
        ("red, white, or blue roofs", ("red, white, or blue roofs",)),
        ("roof, or house", ("roof", "house")),
        ("where are the ships, please", ("ships",)),
        ("Please, find all red roofs, in this image", ("red roofs",)),
        ("请帮我，找出船", ("ship",)),
        ("请问，图中有没有游泳池", ("swimming pool",)),
        ("在这张图里，船在哪里，谢谢", ("ship",)),
        ("house, house", ("house",)),
        ("swimming pool", ("swimming pool",)),
        ("orange", ("orange",)),
    ],
)
def test_commas_part_synonyms_and_nothing_else(phrase, words):
    assert in_english((phrase,)) == (words,)


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("piscina, building", "piscina"),
        ("building, la casa", "la casa"),
        ("船，piscina", "piscina"),
        ("的，piscina", "piscina"),
        ("building, здание", "Cyrillic"),
        ("船，飞碟", "飞碟"),
    ],
)
def test_a_comma_hides_no_other_language(phrase, word):
    with pytest.raises(BadInput, match=word):
        in_english((phrase,))


def test_an_empty_place_between_commas_is_no_word():
    assert synonyms_of(",,house,") == ("house",)


def test_the_best_word_counts():
    logits = np.array([[1.0, -2.0], [0.0, 3.0], [5.0, 5.0]], np.float32)
    assert best_words(logits, (0, 0, 1)).tolist() == [[1.0, 3.0], [5.0, 5.0]]


def blended(logits, words):
    rows, columns = logits.shape[1:]
    trust, valid = np.ones((rows, columns), np.float32), np.ones((rows, columns), bool)
    return Blended(logits, trust, valid, 0, 0, 1, Window(0, 0, columns, rows), words)


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.4, 0.6, 0.8])
def test_classes_are_the_papers_softmax_synonyms_and_threshold(threshold):
    words = (0, 0, 1, 2, 2, 2)
    logits = np.random.default_rng(3).normal(0, 2, (6, 40, 50)).astype(np.float32)
    whole = probabilities(np.concatenate([np.zeros((1, 40, 50), np.float32), logits]), background=False)
    published = class_map(best_of_synonyms(whole, np.array([0, 1, 1, 2, 3, 3, 3])), threshold, background=0)

    found = blended(logits, words)
    full = np.stack([found.full(band) for band in range(len(found))])
    top = full.max(0)
    shown = np.where(1 / (1 + np.exp(-top)) >= threshold, full.argmax(0) + 1, 0)
    assert len(found) == 3
    assert len(np.unique(published)) > 2 or threshold == 0.8
    assert (shown == published).all()

    in_bytes = np.where(SCORES[to_bytes(top)] >= least_score(threshold), full.argmax(0) + 1, 0)
    probability = whole.reshape(7, -1).max(0).reshape(40, 50)
    sure = np.abs(probability - threshold) > 0.02  # what a byte cannot tell
    assert (in_bytes == published)[sure].all()


def test_a_sure_word_leaves_no_infinities():
    found = blended(np.full((2, 1, 1), 300, np.float32) * np.array([1, -1], np.float32)[:, None, None], (0, 1))
    assert np.isfinite([found.full(0), found.full(1)]).all()
    assert found.full(0) > 100 > -100 > found.full(1)


class Strided(Colours):
    """`Colours` at another stride, its features means over what a cell covers."""

    def __init__(self, stride, softmax=False):
        super().__init__()
        self.stride, self.softmax = stride, softmax

    def dense(self, image, valid):
        rows, columns = (-(-side // self.stride) for side in image.shape[:2])
        beyond = [(0, cells * self.stride - side) for cells, side in zip((rows, columns), image.shape, strict=False)]
        padded = np.pad(image, (*beyond, (0, 0)), "edge").astype(np.float32)
        return padded.reshape(rows, self.stride, columns, self.stride, 3).mean((1, 3)).transpose(2, 0, 1)


@pytest.mark.parametrize("stride", [1, 2, 4, 8])
@pytest.mark.parametrize("softmax", [False, True])
def test_any_stride_gives_the_same_map_wherever_the_area_starts(scene, ground, stride, softmax):
    path = scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green")])
    model = Strided(stride, softmax)
    whole = ground(path, model=model, phrases="red; green", answer="classmap", background="none")
    part = ground(
        path, "part", model, unit_side=96, phrases="red; green", answer="classmap", background="none",
        area="500030.5,3999920.5,500113,3999973.5",
    )  # fmt: skip
    best, there = whole.read("best.tif"), part.read("best.tif")
    assert (there == best[:, 53 : 53 + there.shape[1], 61 : 61 + there.shape[2]]).all()
    classes = whole.read("classes.tif")[0]
    assert (classes[36:64, 46:84] == 1).all()
    assert (classes[108:172, 158:222] == 2).all()


def test_a_phrase_of_two_colours_is_one_band(scene, ground, monkeypatch):
    monkeypatch.setitem(COLOURS, "roof", COLOURS["red"])
    monkeypatch.setitem(COLOURS, "tree", COLOURS["green"])
    path = scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green")])
    run = ground(path, phrases="roof, tree; blue", granularity="pixel")
    assert run.read("scores.tif").shape[0] == 2
    classes = run.read("classes.tif")[0]
    assert (classes[36:64, 46:84] == 1).all()
    assert (classes[108:172, 158:222] == 1).all()
    assert "roof, tree" in (run.folder / "shares.csv").read_text()


def test_an_example_that_tells_nothing_is_unsure():
    drawn = np.random.default_rng(0)
    places = np.argwhere(np.ones((20, 20), bool))
    mine = (places >= 8).all(1) & (places < 13).all(1)
    features = drawn.normal(size=(400, 64))
    example = _honest(_Cells(features[mine], places[mine]), _Cells(features[~mine], places[~mine]))
    assert np.abs(example.of(drawn.normal(size=(400, 64)))).max() < 0.5
    features[mine] += 3
    told = _honest(_Cells(features[mine], places[mine]), _Cells(features[~mine], places[~mine]))
    assert told.of(drawn.normal(size=(400, 64)) + 3).min() > 2
    assert told.of(drawn.normal(size=(400, 64))).max() < -2


@pytest.mark.parametrize("softmax", [False, True])
@pytest.mark.parametrize("stride", [2, 4, 8])
def test_an_example_is_as_likely_as_the_phrase_for_the_same_thing(scene, stride, softmax):
    path = scene([((40, 30, 90, 70), "red"), ((150, 100, 230, 180), "green"), ((230, 20, 280, 60), "red")])
    model = Strided(stride, softmax)
    model.input_size = 512
    with SourceReader(Source(path=str(path)), path) as reader:
        lattice = TileLattice.over(300, 220, 512, 1, (0, 0), stride)
        example = learn_example(reader, model, lattice, shapely.box(44, 34, 86, 66))
        scorer = Scorer(model, model.phrases(["green"]), example)
        window = Window(0, 0, 300, 220)
        found = Blender(reader, lattice, scorer, words=scorer.words).window(window, lambda *_: None)
    green, like = (1 / (1 + np.exp(-found.full(band))) for band in range(2))
    assert like[30:50, 240:270].min() > 0.75
    assert like[110:170, 160:220].max() < 0.2 < 0.8 < green[110:170, 160:220].min()
    assert green[30:50, 240:270].max() < 0.2


def test_an_example_over_the_edge_of_data_is_learnt_from_what_is_there(scene):
    model = Strided(4)
    path = scene([((40, 30, 136, 70), "red"), ((20, 150, 80, 200), "green")], hole=(128, 0, 300, 220))
    lattice = TileLattice.over(300, 220, 64, 1, (0, 0))
    empty = [tile for tile in lattice.covering(40, 30, 180, 70) if tile.col >= 128]
    assert empty
    with SourceReader(Source(path=str(path)), path) as reader:
        example = learn_example(reader, model, lattice, shapely.box(40, 30, 180, 70))
        found = Blender(reader, lattice, Scorer(model, model.phrases(["green"]), example)).window(
            Window(0, 0, 128, 220), lambda *_: None
        )
        like = found.full(1)
        assert like[36:64, 46:120].min() > 0 > like[156:194, 26:74].max()
        with pytest.raises(BadInput, match="no data") as raised:
            learn_example(reader, model, lattice, shapely.box(210, 30, 280, 70))
    assert raised.value.code == codes.NO_VALID_PIXELS
