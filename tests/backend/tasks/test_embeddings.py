from dataclasses import dataclass

from backend.tasks.embeddings import EmbeddingCache, Encoded


@dataclass(frozen=True)
class Piece:
    nbytes: int


def encoded(nbytes=100):
    return Encoded(Piece(nbytes))


class Model:
    pass


def test_what_is_kept_is_not_made_again():
    cache, model, made = EmbeddingCache(1000), Model(), []
    for _ in range(2):
        cache.get("a", model, lambda: made.append(1) or encoded())
    assert made == [1]


def test_the_least_recently_used_goes_first_and_bytes_are_bounded():
    cache, model, made = EmbeddingCache(300), Model(), []

    def get(key):
        cache.get(key, model, lambda: made.append(key) or encoded())

    for key in "abcadabc":
        get(key)
        assert cache.held_bytes <= 300
    assert made == ["a", "b", "c", "d", "b", "c"]
    assert len(cache) == 3


def test_what_exceeds_the_budget_alone_is_answered_and_not_kept():
    cache, model = EmbeddingCache(50), Model()
    assert cache.get("a", model, encoded).nbytes == 100
    assert (len(cache), cache.held_bytes) == (0, 0)


def test_a_model_loaded_anew_never_meets_its_predecessors_embeddings():
    cache = EmbeddingCache(1000)
    made = []
    for model in (Model(), Model()):
        cache.get("a", model, lambda: made.append(1) or encoded())
    assert made == [1, 1]
    assert cache.held_bytes == 100
    cache.clear()
    assert (len(cache), cache.held_bytes) == (0, 0)
