import numpy as np
import pytest

from backend.tasks.locate.neighbours import fit_neighbours, unit
from backend.tasks.locate.ridge import STRENGTHS, _decomposed, _left_out, fit_ridge


def drawn(rows, columns, noise=0.1, seed=0):
    generator = np.random.default_rng(seed)
    features = generator.normal(3, 2, (rows, columns))
    targets = features[:, :2] @ [[1.0], [-2.0]] + 5 + generator.normal(0, noise, (rows, 1))
    return features, targets


@pytest.mark.parametrize(("rows", "columns"), [(80, 6), (30, 50)])
def test_the_closed_form_is_what_leaving_out_one_by_one_gives(rows, columns):
    features, targets = drawn(rows, columns)
    values, centred = features - features.mean(0), targets - targets.mean(0)
    left, squares = _decomposed(values)
    for strength in (0.1, 30.0):
        missed = []
        for row in range(rows):
            kept = np.arange(rows) != row
            x, y = features[kept], targets[kept]
            flat = x - x.mean(0)
            weights = np.linalg.solve(flat.T @ flat + strength * np.eye(columns), flat.T @ (y - y.mean(0)))
            missed.append((targets[row] - (features[row] - x.mean(0)) @ weights - y.mean(0)) ** 2)
        found = _left_out(left, squares / (squares + strength), left.T @ centred, centred)
        assert found == pytest.approx(np.mean(missed), rel=1e-6)


def test_finds_a_line_and_ignores_constant_columns():
    features, targets = drawn(100, 5, noise=0)
    features[:, 4] = 7
    predictor = fit_ridge(features, targets)
    asked, expected = drawn(10, 5, noise=0, seed=1)
    asked[:, 4] = 7
    assert predictor(asked) == pytest.approx(expected, abs=1e-3)


def test_noise_makes_it_cautious():
    generator = np.random.default_rng(0)
    features, targets = generator.normal(size=(60, 40)), generator.normal(size=(60, 1))
    spread = fit_ridge(features, targets)(generator.normal(size=(500, 40))).std()
    assert spread < 0.35 * targets.std()
    assert len(STRENGTHS) == 15


def test_neighbours_are_those_of_the_same_direction():
    generator = np.random.default_rng(0)
    features = np.concatenate([generator.normal([5, 0, 0], 0.1, (20, 3)), generator.normal([0, 5, 0], 0.1, (20, 3))])
    targets = np.repeat([[1.0], [9.0]], 20, axis=0)
    predictor = fit_neighbours(features, targets)
    assert predictor(np.array([[50.0, 0, 0], [0, 0.1, 0]])) == pytest.approx(np.array([[1.0], [9.0]]), abs=1e-9)


def test_as_many_neighbours_are_asked_as_serve_best():
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    features = np.stack([np.cos(angle), np.sin(angle)], 1)
    noise = np.random.default_rng(0).normal(0, 1, (400, 1))
    asked = np.stack([np.cos(angle + 0.004), np.sin(angle + 0.004)], 1)
    sharp = fit_neighbours(features, np.sin(9 * angle)[:, None])(asked)
    assert np.abs(sharp[:, 0] - np.sin(9 * (angle + 0.004))).max() < 0.1
    assert fit_neighbours(features, noise)(asked).std() < 0.4


def test_a_known_place_is_predicted_as_it_is_known():
    generator = np.random.default_rng(1)
    features, targets = generator.normal(size=(200, 4)), generator.normal(size=(200, 1))
    assert fit_neighbours(features, targets)(features) == pytest.approx(targets, abs=1e-3)
    assert np.linalg.norm(unit(features), axis=1) == pytest.approx(1)
