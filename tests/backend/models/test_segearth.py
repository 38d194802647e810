"""SegEarth-OV from crop to logits, against its steps written out one window at a time."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import threading  # noqa: E402
from dataclasses import replace  # noqa: E402

import rasterio  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from backend.device import CUDA, cpu  # noqa: E402
from backend.errors import Unavailable  # noqa: E402
from backend.models import jbu_weights, weights  # noqa: E402
from backend.models.catalog import BUILT_IN  # noqa: E402
from backend.models.catalog_ground import CLIP, GROUND, ROWS, SIMFEATUP  # noqa: E402
from backend.models.loaded import LoadedModels  # noqa: E402
from backend.models.registry import Registry  # noqa: E402
from backend.models.segearth import SegEarth  # noqa: E402
from backend.models.segearth_classes import probabilities  # noqa: E402
from backend.models.segearth_load import FallbackSegEarth, build  # noqa: E402
from backend.models.segearth_windows import Plan  # noqa: E402
from backend.models.weights_import import import_from  # noqa: E402
from tests.backend.models.test_jbu import random_upsampler, waves  # noqa: E402
from tests.backend.models.tiny_clip import CHANNELS, PATCH, SIDE, save_open, tiny_clip  # noqa: E402

WORDS = ["background", "road", "tree"]
UNPINNED = Registry().register(*GROUND)
SEGEARTH = UNPINNED.get("segearth-ov")


@pytest.fixture(scope="module")
def clip():
    return tiny_clip()


@pytest.fixture(scope="module")
def upsampler():
    return random_upsampler(CHANNELS, 1, True, 3)


@pytest.fixture(scope="module")
def words(clip):
    return SegEarth(clip, None, cpu()).phrases(WORDS)


def crop(height, width):
    valid = np.ones((height, width), bool)
    valid[:9, :7] = False
    return waves(height, width), valid


def written_out(clip, upsampler, image, valid, words):
    """The published pipeline at one pixel a feature: logits of every window, averaged by count, softmax."""
    model = SegEarth(clip, upsampler, cpu())
    mean, std = (np.array(values) * 255 for values in (CLIP.mean, CLIP.std))
    pixels = (image - mean) / std * valid[..., None]
    height, width = image.shape[:2]
    total, count = np.zeros((len(words), height, width)), np.zeros((height, width))
    for row in range(0, max(height - SIDE + 15, 0) // 16 * 16 + 1, 16):
        for column in range(0, max(width - SIDE + 15, 0) // 16 * 16 + 1, 16):
            bottom, right = min(row + SIDE, height), min(column + SIDE, width)
            top, left = max(bottom - SIDE, 0), max(right - SIDE, 0)
            window = torch.from_numpy(pixels[top:bottom, left:right].transpose(2, 0, 1)[None]).float()
            with torch.inference_mode():
                patches, shared = model._tower(window)
                features = upsampler(patches, window)[0]
            features, shared = features / features.norm(dim=0), shared[0] / shared[0].norm()
            logits = np.tensordot(words, features.numpy(), 1) - 0.3 * (words @ shared.numpy())[:, None, None]
            total[:, top:bottom, left:right] += logits
            count[top:bottom, left:right] += 1
    return torch.from_numpy(50 * total / count).softmax(0).numpy()


def test_agrees_with_the_published_pipeline_written_out(clip, upsampler, words):
    image, valid = crop(45, 56)
    model = SegEarth(clip, upsampler, cpu(), stride=1)
    dense = model.dense(image, valid)
    assert dense.shape == (CHANNELS, 45, 56)
    found = probabilities(model.scores(dense, words), background=False)
    np.testing.assert_allclose(found, written_out(clip, upsampler, image, valid, words), atol=2e-4)


def test_logits_are_the_scores_without_the_features(clip, upsampler, words):
    image, valid = crop(45, 56)
    model = SegEarth(clip, upsampler, cpu())
    np.testing.assert_allclose(
        model.logits(image, valid, words), model.scores(model.dense(image, valid), words), atol=1e-3
    )


def test_a_score_says_how_much_better_than_the_background(clip, words):
    model = SegEarth(clip, None, cpu())
    scores = model.scores(model.dense(*crop(32, 32)), words)
    np.testing.assert_allclose(scores[0], 0, atol=1e-4)
    model.background = "road"
    other = model.scores(model.dense(*crop(32, 32)), words)
    np.testing.assert_allclose(other, scores - scores[1], atol=1e-3)


def test_the_bias_can_be_left_in(clip, words):
    with_bias, without = SegEarth(clip, None, cpu()), SegEarth(clip, None, cpu())
    with_bias.bias = 0
    image = crop(32, 32)
    taken = with_bias.dense(*image) - without.dense(*image)
    np.testing.assert_allclose(np.linalg.norm(taken, axis=0), 0.3, rtol=1e-4)  # one window: one direction for all
    assert np.ptp(taken, axis=(1, 2)).max() < 1e-5


@pytest.mark.parametrize(("height", "width"), [(64, 64), (61, 35), (5, 70), (3, 3)])
@pytest.mark.parametrize("upsampled", [True, False])
def test_any_size_has_its_cells(clip, upsampler, height, width, upsampled):
    model = SegEarth(clip, upsampler if upsampled else None, cpu())
    dense = model.dense(waves(height, width), np.ones((height, width), bool))
    assert dense.shape == (CHANNELS, -(-height // 4), -(-width // 4))
    assert np.isfinite(dense).all()


def test_all_steps_on_coarser_cells_are_the_means_of_the_finest(clip, upsampler):
    fine, coarse = (SegEarth(clip, upsampler, cpu(), stride, steps) for stride, steps in ((1, 3), (4, 3)))
    image, valid = crop(48, 64)
    expected = fine.dense(image, valid).reshape(CHANNELS, 12, 4, 16, 4).mean((2, 4))
    np.testing.assert_allclose(coarse.dense(image, valid), expected, atol=1e-5)
    fast = SegEarth(clip, upsampler, cpu(), 4)
    assert np.abs(fast.dense(image, valid) - expected).max() > 1e-3


def test_pixels_without_data_say_nothing(clip, upsampler):
    model, valid = SegEarth(clip, upsampler, cpu()), np.ones((40, 40), bool)
    valid[:, 20:] = False
    image = waves(40, 40)
    other = image.copy()
    other[:, 20:] = 255
    assert np.array_equal(model.dense(image, valid), model.dense(other, valid))


def test_embedding_is_clips_own(clip):
    image = waves(SIDE, SIDE)
    pixels = (image - np.array(CLIP.mean) * 255) / (np.array(CLIP.std) * 255)
    with torch.inference_mode():
        vector = clip.get_image_features(torch.from_numpy(pixels.transpose(2, 0, 1)[None]).float()).pooler_output[0]
    found, scales = SegEarth(clip, None, cpu()).embed(image)
    np.testing.assert_allclose(found, (vector / vector.norm()).numpy(), atol=1e-5)
    assert scales.size == 0


def test_windows_are_those_published():
    plan = Plan(window=224, hop=112, multiple=16, smallest=64, stride=1)
    assert len(plan.windows(448, 448)) == 9
    assert [rows.start for rows, _ in plan.windows(500, 224)] == [0, 112, 224, 276]
    assert plan.padding(100, 224) == (0, 0, 6, 6)
    assert plan.padding(101, 224) == (0, 0, 5, 6)


@pytest.fixture
def store(tmp_path, clip, upsampler):
    save_open(clip, tmp_path / "clip", "quick_gelu")
    save_file(jbu_weights.tensors(upsampler), tmp_path / "upsampler.safetensors")
    import_from(SEGEARTH, tmp_path / "models", tmp_path / "clip")
    return tmp_path


def test_the_store_gives_it_with_its_upsampler(store, clip, upsampler):
    models, image = store / "models", crop(40, 40)
    plain = LoadedModels(UNPINNED, models).get("segearth-ov", "cpu")
    assert "SimFeatUp is not installed" in plain.lacking
    import_from(SIMFEATUP, models, store / "upsampler.safetensors")
    sharp = LoadedModels(UNPINNED, models).get("segearth-ov", "cpu")
    assert sharp.lacking == ""
    sharp.detail(1, 3)
    assert sharp.stride == 1
    expected = SegEarth(clip, upsampler, cpu(), 1, 3).dense(*image)
    np.testing.assert_allclose(sharp.dense(*image), expected, atol=1e-4)
    sharp.close()


def test_a_damaged_upsampler_is_said(store):
    import_from(SIMFEATUP, store / "models", store / "upsampler.safetensors")
    path = weights.folder_of(SIMFEATUP, store / "models") / "upsampler.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(Unavailable, match="sha256 differs"):
        LoadedModels(UNPINNED, store / "models").get("segearth-ov", "cpu")


def test_a_full_gpu_hands_over_to_the_cpu(store, words):
    def on_any(spec, folder, device):
        model = build(spec, folder, cpu())
        if device.kind == CUDA:
            model.dense = lambda *_: (_ for _ in ()).throw(torch.OutOfMemoryError)
        return model

    gpu = replace(cpu(), kind=CUDA, name="Card")
    model = FallbackSegEarth(on_any, SEGEARTH, store / "models" / SEGEARTH.id, gpu)
    model.detail(1)
    assert model.dense(*crop(32, 32)).shape == (CHANNELS, 32, 32)
    assert model.notice.startswith("The memory of Card ran out")
    assert model.device.kind == "cpu"


def test_the_catalogue_warns_of_licences_that_are_not_plain():
    for name, *_ in ROWS:
        spec = BUILT_IN.get(name)
        assert (spec.licence == "MIT") != ("licence" in spec.summary)


def test_sizes_are_those_of_the_tiny_model(clip):
    model = SegEarth(clip, None, cpu())
    assert model.input_size == 2 * SIDE
    assert model._plan() == Plan(SIDE, SIDE // 2, PATCH, 4 * PATCH, 4)


def grounded(store, image, name, **wanted):
    from backend.jobs.local_engine import LocalEngine
    from backend.jobs.step import Step
    from backend.protocol.jobs import JobRequest
    from backend.protocol.source import Source

    folder = store / "runs" / name
    folder.mkdir(parents=True)
    notices = []
    step = Step(lambda *_: None, threading.Event(), lambda: None, notices.append)
    values = {
        "phrases": "road, street; tree",
        "answer": "classmap",
        "granularity": "pixel",
        "background": "none",
        **wanted,
    }
    request = JobRequest("ground", "segearth-ov", Source(path=str(image)), parameters=values, device="cpu")
    LocalEngine(UNPINNED, store / "models").run(request, folder, step)
    with rasterio.open(folder / "best.tif") as best, rasterio.open(folder / "scores.tif") as scores:
        return best.read(1), scores.read(), notices


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
def test_a_job_gives_the_published_map_of_one_tile(store, clip, upsampler):
    image, valid = waves(64, 64), np.ones((64, 64), bool)
    with rasterio.open(store / "a.tif", "w", driver="GTiff", width=64, height=64, count=3, dtype="uint8") as target:
        target.write(image.transpose(2, 0, 1))
    import_from(SIMFEATUP, store / "models", store / "upsampler.safetensors")
    words = ["background", "road", "street", "tree"]
    vectors = SegEarth(clip, None, cpu()).phrases(words)
    found = written_out(clip, upsampler, image, valid, vectors)
    road = found[1:3].max(0)
    best, scores, notices = grounded(store, store / "a.tif", "finest", finest=True)
    assert notices == []
    sure = np.abs(road - found[3]) > 0.02
    assert (best == np.where(road >= found[3], 1, 2))[sure].all()
    shown = np.stack([np.where(road >= found[0], road, 0), np.where(found[3] >= found[0], found[3], 0)])
    near = np.abs(np.stack([road, found[3]]) - found[0]) < 0.02
    assert np.abs(scores / 250 - shown)[~near].max() < 0.03

    plain, _, notices = grounded(store, store / "a.tif", "plain", upsample=False, remove_bias=False)
    assert notices == []
    assert (plain != best).any()
    like = grounded(store, store / "a.tif", "like", example="POLYGON ((8 8, 28 8, 28 28, 8 28, 8 8))")[1] / 250
    assert len(like) == 3
    assert like[2, 12:24, 12:24].mean() > like[2, 40:, 40:].mean()
    assert (like.sum(0) <= 1.01).all()  # one softmax over phrases, example and background
    weights.remove(SIMFEATUP, store / "models")
    assert "SimFeatUp is not installed" in grounded(store, store / "a.tif", "lacking")[2][0]
