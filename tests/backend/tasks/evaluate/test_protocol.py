"""The protocol's anchors, and each of its steps."""

import numpy as np
import pytest

from backend.errors import BadInput
from backend.tasks.evaluate.board import weighted_ranks
from backend.tasks.evaluate.embeddings import Embeddings
from backend.tasks.evaluate.probe import Settings, learnt
from backend.tasks.evaluate.protocol import evaluate, padded, standardised
from backend.tasks.evaluate.scores import CLASSIFICATION, REGRESSION, binary_f1, q_score, r2
from backend.tasks.evaluate.tasks import Task

FAST = Settings(folds=4, dimensions=0)


def silent(percent, message):
    pass


def drawn(count=300, width=16, name="e.csv"):
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(count, width)).astype(np.float32)
    return Embeddings(name, [f"place {i}" for i in range(count)], vectors, 0)


def told(method, direction, kind=REGRESSION, name="told"):
    values = method.vectors @ direction
    return Task(name, kind, method.ids, values if kind == REGRESSION else (values > 0).astype(float))


@pytest.mark.parametrize(("mean", "deviation", "q"), [(0.5, 0, 50), (1, 0, 100), (0.6, 0.01, 40)])
def test_the_anchors_of_q(mean, deviation, q):
    assert q_score([mean - deviation, mean + deviation])[0] == pytest.approx(q)


def test_r2_by_hand_and_where_nothing_varies():
    truth = np.array([0.0, 0.5, 1.0])
    assert r2(np.array([0.0, 0.5, 0.5]), truth) == pytest.approx(0.5)
    assert r2(np.full(3, 0.7), np.full(3, 0.7)) == 1
    assert r2(np.full(3, 0.5), np.full(3, 0.7)) == 0
    assert r2(truth + 0.001, truth) == 1  # less than is told apart


def test_f1_takes_logits_within_0_and_1_for_probabilities():
    truth = np.array([1.0, 1.0, 0.0, 0.0])
    assert binary_f1(np.array([2.0, -1.0, 0.3, -4.0]), truth) == pytest.approx(0.5)
    assert binary_f1(np.array([0.9, 0.6, 0.3, 0.2]), truth) == 1
    assert binary_f1(np.full(4, -1.0), truth * 0) == 0


def test_vectors_are_filled_up_and_standardised_by_two_numbers():
    method = Embeddings("e.csv", ["a", "b"], np.array([[1, 2], [3, 6]], np.float32), 0)
    values, about = standardised(padded(method, 4))
    full = np.array([[1, 2, 0, 0], [3, 6, 0, 0]])
    assert about == pytest.approx({"mean": full.mean(), "deviation": full.std()})
    assert values[:, :4] == pytest.approx((full - full.mean()) / full.std())
    assert (values[:, 4] == 1).all()
    with pytest.raises(BadInput, match="2 numbers, and 1 are allowed"):
        padded(method, 1)


@pytest.mark.parametrize("kind", [REGRESSION, CLASSIFICATION])
def test_the_probe_learns_as_torchs(kind):
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(1)
    vectors = np.pad(generator.normal(size=(150, 8)).astype(np.float32), ((0, 0), (0, 1)), constant_values=1)
    labels = (vectors[:, 0] > 0.3).astype(np.float32)
    start = generator.uniform(-0.3, 0.3, 9).astype(np.float32)
    orders = [generator.permutation(140) for _ in range(5)]
    layer = torch.nn.Linear(8, 1)
    with torch.no_grad():
        layer.weight[:] = torch.from_numpy(start[None, :8].copy())
        layer.bias[:] = float(start[8])
    optimiser = torch.optim.AdamW(layer.parameters(), lr=1e-3)
    loss = torch.nn.MSELoss() if kind == REGRESSION else torch.nn.BCEWithLogitsLoss()
    passes = learnt(vectors, labels, start, orders, kind, Settings())
    for order, weights in zip(orders, passes, strict=True):
        for rows in torch.split(torch.from_numpy(order), 64):
            optimiser.zero_grad()
            loss(layer(torch.from_numpy(vectors[:, :8])[rows]).view(-1), torch.from_numpy(labels)[rows]).backward()
            optimiser.step()
        expected = np.append(layer.weight.detach().numpy(), layer.bias.detach().numpy())
        assert weights == pytest.approx(expected, abs=2e-6)


def test_what_a_vector_tells_scores_high_and_what_it_does_not_low():
    method, generator = drawn(), np.random.default_rng(2)
    known = told(method, generator.normal(size=16), CLASSIFICATION, "known")
    guess = Task("guess", REGRESSION, method.ids, generator.normal(size=300))
    settings = Settings(folds=4, rate=0.05, dimensions=0)
    report = evaluate([method], [guess, known], settings, silent)["methods"][0]
    assert report["tasks"]["known"]["mean"] > 0.9
    assert report["tasks"]["guess"]["mean"] < 0.1
    assert report["mean_q"] == pytest.approx(np.mean([report["tasks"][name]["q"] for name in ("known", "guess")]))


def test_the_best_epoch_counts_and_a_seed_means_the_same():
    method = drawn()
    task = told(method, np.arange(16.0))
    one, two = (evaluate([method], [task], Settings(folds=3, epochs=n, dimensions=0), silent) for n in (3, 6))
    short, long = (found["methods"][0]["tasks"]["told"]["splits"] for found in (one, two))
    assert all(b >= a for a, b in zip(short, long, strict=True))
    assert evaluate([method], [task], Settings(folds=3, epochs=3, dimensions=0), silent) == one
    assert evaluate([method], [task], Settings(folds=3, epochs=3, seed=7, dimensions=0), silent) != one


def test_labels_are_scaled_and_only_ids_of_both_count():
    method = drawn()
    task = told(method, np.arange(16.0))
    part = Task("told", REGRESSION, [*task.ids[:200], "elsewhere"], np.append(1e6 + 50 * task.labels[:200], 0.0))
    found = evaluate([method], [part], FAST, silent)["methods"][0]
    same = Task("told", REGRESSION, task.ids[:200], task.labels[:200])
    expected = evaluate([method], [same], FAST, silent)["methods"][0]
    assert found["count"] == 200
    assert found["tasks"]["told"]["missing"] == 1
    assert found["tasks"]["told"]["splits"] == pytest.approx(expected["tasks"]["told"]["splits"], abs=1e-4)


def test_what_cannot_be_scored_is_said():
    method = drawn()
    for task, words in (
        (Task("t", REGRESSION, ["x"] * 20, np.arange(20.0)), "no id in common: they are like 'place 0' and like 'x'"),
        (Task("t", REGRESSION, method.ids[:10], np.arange(10.0)), "10 of the 10 ids of 't'; at least 11"),
        (Task("t", REGRESSION, method.ids, np.full(300, 4.0)), "All labels of 't' that 'e.csv' has vectors for are 4"),
    ):
        with pytest.raises(BadInput, match=words):
            evaluate([method], [task], FAST, silent)


def test_a_task_where_methods_differ_more_weighs_more():
    scores = np.array([[10.0, 1.0, 5.0], [20.0, 1.5, 5.0], [30.0, 2.0, 5.0]])
    weights, weighted, places = weighted_ranks(scores * [1, -1, 1])
    assert weights == pytest.approx([10 / 10.5, 0.5 / 10.5, 0])
    assert weighted == pytest.approx([(3 * 10 + 0.5) / 10.5, 2, (10 + 3 * 0.5) / 10.5])
    assert places.tolist() == [3, 2, 1]
    assert weighted_ranks(scores[:1])[2].tolist() == [1]
    assert weighted_ranks(np.array([[2.0, 1.0], [2.0, 1.0]]))[2].tolist() == [1, 1]


def test_the_method_ahead_stands_first():
    good, bad = drawn(), drawn(name="noise.csv")
    bad.vectors[:] = np.random.default_rng(3).normal(size=bad.vectors.shape)
    report = evaluate([bad, good], [told(good, np.arange(16.0), CLASSIFICATION)], FAST, silent)
    assert [one["name"] for one in report["methods"]] == ["e.csv", "noise.csv"]
    assert [one["rank"] for one in report["methods"]] == [1, 2]
