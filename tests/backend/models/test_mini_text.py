import numpy as np
import pytest

from backend.models.mini_graphs import FOLDER
from backend.models.mini_text import TextTower, WordPiece

PIECES = WordPiece(["roof", "roofs", "##top", "##s", "lake", ",", "cafe"])


def test_the_longest_pieces_win():
    assert PIECES("Rooftops") == [0, 2, 3]
    assert PIECES("roofs") == [1]


def test_accents_and_case_do_not_matter():
    assert PIECES("Café, LAKE") == [6, 5, 4]


def test_a_word_with_an_unknown_part_is_passed_over():
    assert PIECES("roofxyz lake") == [4]


@pytest.fixture(scope="module")
def tower():
    if not (FOLDER / "text.onnx").exists():
        pytest.skip("the weights are not in this checkout")
    return TextTower(FOLDER)


def test_synonyms_lie_together(tower):
    house, rooftops, lake, pond = tower(["house", "rooftops", "lake", "pond"])
    assert house @ rooftops > house @ lake
    assert lake @ pond > rooftops @ pond


def test_words_of_nothing_known_still_give_a_unit_vector(tower):
    assert np.linalg.norm(tower(["建筑", ""]), axis=1) == pytest.approx([1, 1], abs=1e-5)
