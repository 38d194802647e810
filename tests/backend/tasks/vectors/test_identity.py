import pytest

from backend.errors import BadInput
from backend.tasks.vectors.identity import Identity, check_same
from backend.tasks.vectors.product import product_of_bands, product_of_columns, tessera

MINI = Identity("mini", "aa", 64)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Identity("mini", "aa", 128), r"'a.tif' has vectors of 64 numbers and 'b.tif' of 128; use one model's\."),
        (Identity("clip", "aa", 64), r"'a.tif' was made by mini and 'b.tif' by clip; their vectors do not compare\."),
        (Identity("mini", "bb", 64), r"'a.tif' and 'b.tif' were made by mini with other weights; embed anew\."),
        (Identity("", "", 65), r"64 numbers"),
    ],
)
def test_vectors_of_two_models_are_refused_in_a_sentence(other, said):
    for names in (("a.tif", MINI, "b.tif", other),):
        with pytest.raises(BadInput, match=said):
            check_same(*names)
    with pytest.raises(BadInput):
        check_same("b.tif", other, "a.tif", MINI)


@pytest.mark.parametrize("other", [MINI, Identity("mini", "", 64), Identity("", "", 64), Identity("", "bb", 64)])
def test_vectors_of_one_model_or_of_one_unsaid_are_not(other):
    if other.weights != "bb":
        check_same("a.tif", MINI, "b.tif", other)
    else:
        with pytest.raises(BadInput, match="made by mini with other weights"):
            check_same("a.tif", MINI, "b.tif", other)


def test_products_by_their_layout():
    assert product_of_bands([f"A{index:02d}" for index in range(64)], {}) == "alphaearth"
    assert product_of_bands([f"A{index:02d}" for index in range(63)], {}) == ""
    assert product_of_bands([None] * 64, {}) == ""
    assert product_of_columns(["geometry", "embeddings", "source_url", "date", "index"]) == "clay"
    assert product_of_columns(["id", "embedding"]) == ""
    assert [tessera(text) for text in ("v1", "1.0", "v1.1", "2", "", "x")] == [
        "tessera-v1", "tessera-v1", "tessera-v1.1", "tessera-v2", "", "",
    ]  # fmt: skip
