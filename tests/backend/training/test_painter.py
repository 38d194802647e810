import numpy as np
import pytest
import torch

from backend.models import oem
from backend.models.generator_network import Generator
from backend.models.painter_fill import CLASSES, whole
from backend.training.generator_pairs import enlarged
from backend.training.painter import CONFIG, Run
from backend.training.painter_labels import NAIP, UNSURE, chosen
from backend.training.painter_masks import painted
from backend.training.painter_pairs import Drawer
from tests.backend.models.painters import TINY
from tests.backend.training.packed import write_one_picture
from tests.backend.training.stopping import STEPS, check_stopping

SIDE = 32


@pytest.fixture
def drawer(tmp_path):
    path, labels = tmp_path / "pack.zip", tmp_path / "labels.npz"
    write_one_picture(path, 192, 256)
    classes = np.full((48, 64), oem.BARE, np.uint8)
    classes[10:20, 30:44] = oem.BUILDING
    np.savez(labels, dubai_1=classes)
    return Drawer(path, labels, SIDE)


def test_it_is_shown_all_but_what_it_paints(drawer):
    pairs = drawer.draw(8, np.random.default_rng(0))
    assert pairs.lacking.shape == (8, 3, SIDE, SIDE)
    assert pairs.low.shape == (8, 3, SIDE // 4, SIDE // 4)
    assert set(pairs.metres.tolist()) == {np.float32(1.6)}
    shares, mask, known = pairs.extra.split((CLASSES, 1, 3), 1)
    assert shares.sum(1).numpy() == pytest.approx(1)
    assert set(shares.argmax(1).unique().tolist()) == {oem.BARE, oem.BUILDING}
    assert torch.equal(mask, pairs.painted)
    assert mask.mean((1, 2, 3)).min() > 0
    assert (known * mask == 0).all()
    assert torch.equal(known, pairs.lacking * (1 - mask))
    assert np.abs(whole(pairs.lacking.numpy(), enlarged(pairs.low).numpy())).max() <= 1.001
    again = drawer.draw(8, np.random.default_rng(0))
    assert torch.equal(pairs.extra, again.extra)


def test_a_stopped_run_ends_as_one_that_was_not(drawer, tmp_path):
    check_stopping(lambda folder: Run(drawer, folder, 1, 2, STEPS, torch.device("cpu"), TINY), tmp_path)


@torch.no_grad()
def test_only_what_is_painted_counts_much(drawer, tmp_path):
    made, pairs = Run(drawer, tmp_path, 1, 2, 4, torch.device("cpu"), TINY), drawer.draw(2, np.random.default_rng(2))
    at, noise = torch.tensor([500, 500]), torch.zeros_like(pairs.lacking)
    plain = float(made._loss(pairs, at, noise))
    outside, inside = (
        float(made._loss(type(pairs)(**(vars(pairs) | {"lacking": pairs.lacking + part})), at, noise))
        for part in (1 - pairs.painted, pairs.painted)
    )
    assert 0 < outside - plain < inside - plain


def test_masks_are_of_many_shapes_and_never_empty():
    labels = np.full((SIDE, SIDE), oem.BARE, np.uint8)
    other = labels.copy()
    labels[4:10, 4:12] = oem.BUILDING
    other[20:25, 20:26] = oem.WATER
    masks = [painted(labels, other, np.random.default_rng(seed)) for seed in range(200)]
    assert all(mask.any() for mask in masks)
    assert 5 < sum(mask.all() for mask in masks) < 60
    here = labels == oem.BUILDING
    assert any(np.array_equal(mask, here) for mask in masks)
    assert any(np.array_equal(mask, other == oem.WATER) for mask in masks)
    assert any(mask.sum() > here.sum() and mask[here].all() and not mask[20:].any() for mask in masks)  # dilated


def test_labels_are_the_best_class_that_truth_allows():
    logits = np.full((8, 1, 3), UNSURE - 1, np.float32)
    logits[oem.BUILDING - 1, 0, :2] = 2.0
    logits[oem.ROAD - 1, 0, 1] = 1.0
    assert chosen(logits).tolist() == [[oem.BUILDING, oem.BUILDING, oem.UNKNOWN]]
    allowed = np.ones((8, 1, 3), bool)
    allowed[oem.BUILDING - 1, 0, 1] = False
    assert chosen(logits, allowed).tolist() == [[oem.BUILDING, oem.ROAD, oem.UNKNOWN]]
    assert oem.AGRICULTURE not in NAIP[0]


def test_it_is_as_large_as_said():
    with torch.device("meta"):
        count = sum(parameter.numel() for parameter in Generator(CONFIG).parameters()) / 1e6
    assert 1.1 < count < 1.2
