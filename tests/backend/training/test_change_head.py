"""The recipe of the change head: pairs read and made, views that leave labels in place, learning, going on."""

import json
from dataclasses import replace

import numpy as np
import pytest
import rasterio

torch = pytest.importorskip("torch")

from backend.models import oem  # noqa: E402
from backend.models.mini_change_network import LEVEL_WIDTHS, ChangeHead, Probabilities  # noqa: E402
from backend.models.mini_graphs import FOLDER, Graph  # noqa: E402
from backend.training import change_head  # noqa: E402
from backend.training.change_batches import Batches  # noqa: E402
from backend.training.change_head import HeadRun  # noqa: E402
from backend.training.change_pairs import BUILT, NOT_BUILT, OTHER, Pair, read_made, read_pairs, write_made  # noqa: E402
from backend.training.change_pasted import Paster, crossed  # noqa: E402
from backend.training.change_places import load_places  # noqa: E402
from backend.training.change_scores import THRESHOLDS, balance, scores  # noqa: E402
from backend.training.change_views import drawn_pair  # noqa: E402
from tests.backend.training import change_pack  # noqa: E402
from tests.backend.training.stopping import STEPS, check_stopping  # noqa: E402

SIDE = 64


def house_pair(seed=0, side=SIDE):
    """Grass, on which a bright house appears; a pond dries up."""
    drawn = np.random.default_rng(seed)
    before = np.empty((side, side, 3), np.float32)
    before[:] = (80, 110, 60)
    was = np.full((side, side), oem.RANGE, np.uint8)
    was[40:56, 8:24], before[40:56, 8:24] = oem.WATER, (20, 40, 80)
    now, after = was.copy(), before.copy()
    now[40:56, 8:24], after[40:56, 8:24] = oem.BARE, (150, 120, 90)
    row, column = drawn.integers(4, 20, 2)
    now[row : row + 16, column : column + 24], after[row : row + 16, column : column + 24] = (
        oem.BUILDING,
        (220, 210, 200),
    )
    noise = drawn.normal(0, 4, before.shape)
    pictures = [np.clip(p + noise, 0, 255).astype(np.uint8) for p in (before, after)]
    return Pair(*pictures, was, now, (was != now).astype(np.uint8))


def write_tif(path, values):
    bands = np.moveaxis(np.atleast_3d(values), 2, 0)
    with rasterio.open(path, "w", driver="GTiff", dtype="uint8", count=len(bands), width=SIDE, height=SIDE) as dataset:
        dataset.write(bands)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_dataset_is_read_in_the_classes_its_record_tells(tmp_path):
    pair, folder = house_pair(), tmp_path / "pair_0001"
    folder.mkdir()
    (tmp_path / "splits").mkdir()
    (tmp_path / "splits" / "train.txt").write_text("pair_0001\n")
    (tmp_path / "splits" / "validation.txt").write_text("")
    named = [{"value": 0, "name": "?", "like": "unknown"}, {"value": 1, "name": "meadow", "like": "rangeland"}]
    named += [{"value": 2, "name": "house", "like": "building"}]
    (folder / "run.json").write_text(json.dumps({"labels": {"classes": named}}))
    meadow, house = (np.where(labels == oem.BUILDING, 2, 1).astype(np.uint8) for labels in (pair.was, pair.now))
    meadow[0, 0] = 255
    parts = {"before": pair.before, "after": pair.after, "labels_before": meadow, "labels_after": house}
    for name, values in (parts | {"change": (meadow != house).astype(np.uint8)}).items():
        write_tif(folder / f"{name}.tif", values)
    (found,) = read_pairs(tmp_path, "train")
    assert np.array_equal(found.after, pair.after)
    assert (found.now == oem.BUILDING).sum() == (house == 2).sum()
    assert set(np.unique(found.was)) == {oem.UNKNOWN, oem.RANGE}
    assert read_pairs(tmp_path, "validation") == []


def test_kinds_tell_buildings_from_the_rest():
    pair = house_pair()
    assert (pair.kinds == BUILT).sum() == (pair.now == oem.BUILDING).sum()
    assert (pair.kinds[40:56, 8:24] == OTHER).all()
    assert (pair.kinds == 0).sum() + (pair.kinds == BUILT).sum() + 256 == SIDE * SIDE
    assert not pair.still().kinds.any()
    assert np.array_equal(pair.turned().kinds, pair.kinds)
    both = crossed(pair, pair.turned())
    assert set(np.unique(both.kinds)) == {BUILT, NOT_BUILT}
    assert np.array_equal(both.kinds == BUILT, pair.now == oem.BUILDING)


def test_views_move_labels_with_their_pixels():
    pair = house_pair(side=128)
    bright = 0
    for seed in range(12):
        view = drawn_pair(pair, np.random.default_rng(seed))
        built = (view.was == oem.BUILDING) | (view.now == oem.BUILDING)
        assert view.before.shape == view.after.shape == (128, 128, 3)
        assert np.array_equal(view.kinds == BUILT, built & (view.was != view.now))
        if built.sum() > 50:
            date = view.after if (view.now == oem.BUILDING).any() else view.before
            grass = (view.was == oem.RANGE) & (view.now == oem.RANGE)
            bright += date[built].mean() > date[grass].mean()
    assert bright >= 8
    assert np.array_equal(
        drawn_pair(pair, np.random.default_rng(3)).after, drawn_pair(pair, np.random.default_rng(3)).after
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return change_pack.write(tmp_path_factory.mktemp("pack"))


def test_pasted_pairs_are_true_to_the_pixel(places, tmp_path):
    paster = Paster(load_places(places / "pack.zip", places / "labels.npz"), np.random.default_rng(0))
    pairs = [paster.pair() for _ in range(12)]
    kinds = np.stack([pair.kinds for pair in pairs])
    assert (kinds == BUILT).any()
    assert (kinds == OTHER).any()
    assert 0.005 < (kinds > 0).mean() < 0.5
    for pair in pairs:
        apart = np.abs(pair.before.astype(int) - pair.after).max(2) > 0
        assert (apart | (pair.changed == 0)).mean() > 0.99
    came = sum(int((pair.now == oem.BUILDING).sum()) for pair in pairs)
    went = sum(int((pair.was == oem.BUILDING).sum()) for pair in pairs)
    assert 0.3 < came / went < 3
    write_made(tmp_path / "made.npz", pairs)
    again = read_made(tmp_path / "made.npz")
    assert all(np.array_equal(one.after, other.after) for one, other in zip(pairs, again, strict=True))


@pytest.fixture(scope="module")
def batches():
    encoder = Graph(FOLDER / "encoder.onnx", threads=1)
    return Batches([(1.0, [house_pair(seed) for seed in range(6)])], encoder, 3, seed=0)


def test_a_step_draws_the_same_again(batches):
    one, other, next_one = batches.step(3), batches.step(3), batches.step(4)
    assert torch.equal(one.before[0], other.before[0])
    assert torch.equal(one.kinds, other.kinds)
    assert not torch.equal(one.before[0], next_one.before[0])
    assert one.kinds.shape == (3, SIDE, SIDE)


def test_it_learns(batches, tmp_path, monkeypatch):
    monkeypatch.setattr(change_head, "RECIPE", replace(change_head.RECIPE, warm=4))
    run = HeadRun(batches, tmp_path, 40, 0, torch.device("cpu"))
    run.finish()
    assert np.mean(run.losses[-5:]) < 0.75 * np.mean(run.losses[:5])
    found = scores(run.averaged(), Graph(FOLDER / "encoder.onnx", threads=1), [house_pair(9)])
    assert set(found) == {"any", "building"}
    assert all(0 <= value <= 1 for row in found["any"].values() for value in row)


def test_a_stopped_run_ends_as_one_that_was_not(batches, tmp_path):
    check_stopping(lambda folder: HeadRun(batches, folder, STEPS, 0, torch.device("cpu")), tmp_path)


def test_the_best_threshold_of_buildings_becomes_a_half():
    torch.manual_seed(0)
    head, sides = ChangeHead(), (16, 16, 8, 4, 2)
    levels = [torch.randn(1, width, side, side) for width, side in zip(LEVEL_WIDTHS * 2, sides * 2, strict=True)]
    rows = (0.70, 0.80, 0.75, 0.60, 0.50), (0.60, 0.65, 0.69, 0.60, 0.50)
    found = [{"building": {at: (f1, 0.0, 0.0) for at, f1 in zip(THRESHOLDS, row, strict=True)}} for row in rows]
    before = Probabilities(head)(*levels)[0][:, BUILT]
    balance(head, found)
    after = Probabilities(head)(*levels)[0][:, BUILT]
    assert torch.equal(after >= 0.5, before >= 0.4)
    assert 0 < (after >= 0.5).float().mean() < 1
