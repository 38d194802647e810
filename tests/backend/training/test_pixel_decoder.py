"""The recipe of the pixel decoder: targets with peaks, crops at every scale, learning, stopping and going on."""

import sys
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.mini_graphs import FOLDER, Graph  # noqa: E402
from backend.models.mini_text import TextTower  # noqa: E402
from backend.models.pixel_decoder import PixelDecoder  # noqa: E402
from backend.training import pixel_decoder  # noqa: E402
from backend.training.phrases import CLASSES  # noqa: E402
from backend.training.pixel_batch import LOW, SIDE, STRIDE, PixelBatches  # noqa: E402
from backend.training.pixel_bias import fit_bias  # noqa: E402
from backend.training.pixel_decoder import PixelRun  # noqa: E402
from backend.training.pixel_features import CROPS, MOSAICS, FeatureFiles, files_folder  # noqa: E402
from backend.training.pixel_pictures import BUILDING, TREE, load_charts  # noqa: E402
from backend.training.text_losses import all_sentences, truth_table  # noqa: E402
from tests.backend.training.packed import encoded, write_pack  # noqa: E402
from tests.backend.training.stopping import STEPS, check_stopping  # noqa: E402

SIZE = 256
TREES = [(60, 40), (70, 40), (200, 180)]


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """Two touching houses, three trees of which two touch, and a map of classes; the held-out city without points."""
    drawn = np.random.default_rng(0)
    houses = np.zeros((SIZE, SIZE), np.uint16)
    houses[60:120, 40:100], houses[60:120, 100:160] = 1, 2
    classes = np.zeros((SIZE, SIZE), np.uint16)
    classes[:, :128], classes[:, 128:] = 5, 2
    empty = np.zeros((SIZE, SIZE), np.uint16)
    ground = drawn.integers(60, 90, (SIZE, SIZE, 3)).astype(np.uint8)
    bright, blue = ground.copy(), ground.copy()
    bright[houses > 0] += 120
    blue[:, :128, 2] += 150
    path = tmp_path_factory.mktemp("pack") / "pack.zip"
    entries = [("banepa_a", "instances", bright, houses), ("dubai_a", "classes", blue, classes)]
    entries += [("naip_a", "trees", ground, empty), ("naip_riverside", "trees", ground, empty)]
    files = {f"{name}.jpg": encoded(image) for name, _, image, _ in entries}
    files |= {f"{name}.png": encoded(label) for name, _, _, label in entries}
    files["naip_a_points.csv"] = "x,y\n" + "\n".join(f"{x},{y}" for x, y in TREES)
    write_pack(path, [{"name": name, "kind": kind} for name, kind, _, _ in entries], files)
    return path


@pytest.fixture(scope="module")
def batches(pack):
    drawn = np.random.default_rng(0)
    chips = drawn.integers(0, 256, (30, 64, 64, 3), np.uint8)
    return PixelBatches(load_charts(pack), chips, np.arange(30) % 10, truth_table(), seed=0)


def test_things_rise_to_their_middle_and_part_where_they_touch(pack):
    charts = load_charts(pack)
    assert [chart.picture.source for chart in charts] == ["banepa", "dubai", "naip"]
    houses, _, trees = charts
    peaks, seam = (values[1:].reshape(SIZE, SIZE) for values in (houses.peaks, houses.seam))
    assert houses.phrase == BUILDING
    assert peaks[90, 70] > 0.98 > 0.93 > peaks[90, 42] > peaks[90, 40] > 0.8
    assert peaks[30, 30] == 0
    assert seam[90, 100] == 0 < seam[90, 70]
    heights = trees.peaks[1:].reshape(SIZE, SIZE)
    assert trees.phrase == TREE
    assert all(heights[y, x] == 1 for x, y in TREES)
    assert heights[40, 65] < 0.3
    assert heights[120, 120] < 0.01


def test_crops_know_their_targets_at_any_scale(batches):
    batch = batches.draw(3, 12, 2)
    cells = SIDE // STRIDE
    assert batch.crops.shape == (14, 3, SIDE, SIDE)
    assert batch.truth.shape == batch.care.shape == (14, len(CLASSES), cells, cells)
    assert batch.scenes.shape == (2, 9)
    assert 0 <= batch.truth.min() <= batch.truth.max() <= 1
    again = batches.draw(3, 12, 2)
    assert torch.equal(batch.crops, again.crops)
    assert not torch.equal(batch.crops, batches.draw(4, 12, 2).crops)
    seams = batch.care > 1.5
    assert seams.any()
    assert batch.truth[seams].max() < (1 + LOW) / 2 + 0.2


def test_files_come_once_before_any_comes_again(batches, tmp_path):
    files = FeatureFiles(batches, Graph(FOLDER / "encoder.onnx", threads=1), tmp_path, 4)
    steps = [files.step(number, 2, seed=0) for number in range(2)]
    seen = torch.cat([step["truth"][: 2 * CROPS].flatten(1) for step in steps])
    assert len(torch.unique(seen.sum(1))) > 1
    assert steps[0]["level4"].shape[0] == 2 * (CROPS + MOSAICS)
    assert steps[0]["scenes"].shape == (2, 9)
    (tmp_path / "00002.safetensors").unlink()
    again = FeatureFiles(batches, Graph(FOLDER / "encoder.onnx", threads=1), tmp_path, 4).step(1, 2, seed=0)
    assert all(torch.equal(again[name], value) for name, value in steps[1].items())


@pytest.fixture(scope="module")
def features(batches, tmp_path_factory):
    return FeatureFiles(batches, Graph(FOLDER / "encoder.onnx", threads=1), tmp_path_factory.mktemp("files"), 2)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(pixel_decoder, "FILES", 1)
    monkeypatch.setattr(pixel_decoder, "RECIPE", replace(pixel_decoder.RECIPE, warm=4))


def test_other_arguments_encode_other_files(pack, tmp_path, monkeypatch):
    """The pack here has no chips of EuroSAT; they are drawn."""
    chips = np.random.default_rng(0).integers(0, 256, (30, 64, 64, 3), np.uint8)
    monkeypatch.setattr(pixel_decoder, "load_scenes", lambda _: (chips, np.arange(30) % 10))
    for seed in (1, 1, 2):
        words = ["--pack", pack, "--out", tmp_path, "--steps", 1, "--files", 1, "--seed", seed]
        monkeypatch.setattr(sys, "argv", ["pixel_decoder", *map(str, words)])
        pixel_decoder.main()
    one, other = (path.read_bytes() for path in tmp_path.rglob("00000.safetensors"))
    assert one != other


def test_files_lie_by_what_they_were_made_of(tmp_path):
    for name in ("pack", "other", "encoder"):
        (tmp_path / name).write_text(name)
    pack, other, encoder = (tmp_path / name for name in ("pack", "other", "encoder"))
    made = [(pack, encoder, 1), (other, encoder, 1), (pack, other, 1), (pack, encoder, 2)]
    assert len({files_folder(tmp_path, *of) for of in made}) == 4
    assert files_folder(tmp_path, *made[0]) == files_folder(tmp_path, *made[0])


def run(features, folder, steps):
    return PixelRun(TextTower(FOLDER), features, folder, steps, 0, torch.device("cpu"))


def test_it_learns(features, tmp_path):
    made = run(features, tmp_path, 32)
    made.finish()
    assert np.mean(made.losses[-3:]) < 0.7 * np.mean(made.losses[:3])


def test_what_names_nothing_here_gets_a_lower_bias():
    torch.manual_seed(0)
    decoder, tower = PixelDecoder(), TextTower(FOLDER)
    fit_bias(decoder, dict(zip(all_sentences(), torch.from_numpy(tower(all_sentences())), strict=True)), seed=0)
    known, strangers = (
        decoder.queries(torch.from_numpy(tower(words)))[0][:, -1].tolist()
        for words in (["houses", "lake", "paved roads"], ["giraffes", "a hairbrush", "the piano"])
    )
    assert min(known) > max(strangers) + 0.5


def test_a_stopped_run_ends_as_one_that_was_not(features, tmp_path):
    check_stopping(lambda folder: run(features, folder, STEPS), tmp_path)
