"""The index of many vectors and its file."""

import numpy as np
import pytest
import shapely

from backend.tasks.search import index_file
from backend.tasks.search.faiss_index import FaissIndex, has_faiss
from backend.tasks.search.index import index_of
from backend.tasks.search.index_file import kept_index
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable

COUNT, WIDTH = 20_000, 100


@pytest.fixture(scope="module")
def vectors():
    drawn = np.random.default_rng(0)
    middles = drawn.normal(0, 1, (50, WIDTH)) + 2
    found = (middles[drawn.integers(50, size=COUNT)] + drawn.normal(0, 0.6, (COUNT, WIDTH))).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    found[7] = np.nan
    return found


@pytest.fixture
def table(vectors):
    shapes = shapely.points(np.zeros((COUNT, 2)))
    return VectorTable(vectors, shapes, "", range(COUNT), Identity("m", "", WIDTH), "t", (("/somewhere", 1),))


def truth(vectors, weights, count):
    return np.argsort(-np.nan_to_num(vectors @ weights, nan=-np.inf))[:count]


def recall(found, truths):
    return len(set(found.tolist()) & set(truths.tolist())) / len(truths)


def test_most_of_the_nearest_are_found_and_exactly_all_but_what_a_byte_confuses(vectors):
    index = index_of(vectors)
    queries = vectors[[11, 500, 9000, 15000]]
    assert all(index.nearest(query, 1)[0] == row for query, row in zip(queries, (11, 500, 9000, 15000), strict=True))
    quick = [
        recall(index.nearest(query, 10, 2000, query - index.centre), truth(vectors, query, 10)) for query in queries
    ]
    exact = [recall(index.nearest(query, 10, candidates=0), truth(vectors, query, 10)) for query in queries]
    assert np.mean(quick) >= 0.8
    assert np.mean(exact) >= 0.9


def test_a_row_without_a_vector_is_never_found(vectors):
    index = index_of(vectors[:50])
    assert 7 not in index.nearest(vectors[3], 50).tolist()
    assert len(index.nearest(vectors[3], 50)) == 49
    assert len(index.nearest(vectors[3], 50, candidates=0)) == 49


def test_the_cache_is_read_again_replaced_when_stale_and_never_trusted_when_damaged(table, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(index_file, "index_of", lambda vectors: made.append(1) or index_of(vectors))
    first = kept_index(table, tmp_path)
    again = kept_index(table, tmp_path)
    assert len(made) == 1
    query = table.vectors[42]
    assert first.nearest(query, 5).tolist() == again.nearest(query, 5).tolist()
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    kept_index(table, tmp_path)
    path.write_bytes(b"{")
    kept_index(table, tmp_path)
    assert len(made) == 3
    changed = VectorTable(**{**vars(table), "fingerprint": (("/somewhere", 2),)})
    kept_index(changed, tmp_path)
    assert len(made) == 4
    assert list(tmp_path.iterdir()) == [path]


def test_few_caches_are_kept_and_one_that_cannot_be_written_does_not_matter(table, tmp_path):
    small = {**vars(table), "vectors": table.vectors[:100]}
    for number in range(index_file.KEPT + 2):
        kept_index(VectorTable(**{**small, "fingerprint": ((f"/{number}", 1),)}), tmp_path)
    assert len(list(tmp_path.iterdir())) == index_file.KEPT
    (tmp_path / "file").write_text("")
    assert len(kept_index(VectorTable(**small), tmp_path / "file").nearest(table.vectors[1], 3)) == 3


def test_without_faiss_it_is_said_that_every_vector_is_compared(table, tmp_path, monkeypatch):
    monkeypatch.setattr(index_file, "MANY", 10)
    monkeypatch.setattr(index_file, "has_faiss", lambda: False)
    said = []
    assert kept_index(table, tmp_path, said.append) is None
    assert "faiss" in said[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not has_faiss(), reason="faiss is not installed")
def test_faiss_finds_most(vectors, table, tmp_path, monkeypatch):
    monkeypatch.setattr(index_file, "MANY", 10)
    kept_index(table, tmp_path)
    monkeypatch.setattr(FaissIndex, "of", None)
    index = kept_index(table, tmp_path)
    queries = vectors[[11, 500, 9000]]
    assert np.mean([recall(index.nearest(query, 10), truth(vectors, query, 10)) for query in queries]) > 0.8
