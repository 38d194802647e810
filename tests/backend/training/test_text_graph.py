"""From the fitted table to the tower that ships: the student's own vectors, to what 8 and 16 bits leave of them."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.mini_text import TextTower, WordPiece, padded  # noqa: E402
from backend.training import text_graph  # noqa: E402
from backend.training.distil_text import WIDTH, Student, save  # noqa: E402

VOCABULARY = ["roof", "##top", "##s", "lake", "the", *(f"word{index}" for index in range(2 * WIDTH))]
PHRASES = ["the rooftops", "lake", "a lake beyond the vocabulary of word7", "建筑"]


@pytest.fixture(scope="module")
def student():
    torch.manual_seed(0)
    made = Student(torch.nn.functional.normalize(torch.randn(len(VOCABULARY), 384), dim=1))
    torch.nn.init.normal_(made.weights.weight)
    return made


@pytest.fixture(scope="module")
def pixels():
    return torch.randn(384, 64)


@pytest.fixture(scope="module")
def folder(student, pixels, tmp_path_factory):
    made = tmp_path_factory.mktemp("text")
    save(student, VOCABULARY, made)
    shipped = made / "shipped"
    shipped.mkdir()
    text_graph.write(made, pixels, 20.0, -4.0, shipped)
    return shipped


def test_the_tower_says_what_the_student_says(student, pixels, folder):
    tower = TextTower(folder)
    ids, known = padded([WordPiece(VOCABULARY)(phrase) for phrase in PHRASES])
    with torch.no_grad():
        expected = student(torch.from_numpy(ids), torch.from_numpy(known)).numpy()
    assert (tower(PHRASES) * expected).sum(1).min() > 0.9998
    assert tower.places(PHRASES) == pytest.approx(tower(PHRASES) @ pixels.half().float().numpy(), abs=1e-4)
    assert (tower.scale, tower.bias) == (20.0, -4.0)


def test_a_phrase_is_the_same_alone_and_among_longer_ones(folder):
    tower = TextTower(folder)
    assert np.abs(tower(["lake"])[0] - tower(PHRASES)[1]).max() < 1e-6


def test_the_graph_stores_small_numbers(folder):
    stored = len(VOCABULARY) * (WIDTH + 8) + 2 * 384 * (WIDTH + 1 + 64)
    assert stored < (folder / text_graph.GRAPH).stat().st_size < stored + 5000
    assert json.loads((folder / text_graph.DESCRIPTION).read_text())["vocabulary"] == VOCABULARY
