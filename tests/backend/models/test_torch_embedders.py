"""Embedders of the hub: tiny networks of the real classes, imported and loaded as a user would."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from backend.device import ComputeDevice, cpu  # noqa: E402
from backend.errors import BadInput, Unavailable  # noqa: E402
from backend.geo.band_names import LEVEL_1C  # noqa: E402
from backend.models.catalog import BUILT_IN  # noqa: E402
from backend.models.embedder import BatchEmbedder, TextAligned  # noqa: E402
from backend.models.loaded import LoadedModels  # noqa: E402
from backend.models.registry import Registry  # noqa: E402
from backend.models.torch_embedder import as_map  # noqa: E402
from backend.models.weights_import import import_from  # noqa: E402
from backend.protocol import codes  # noqa: E402
from tests.backend.models import tiny_embedders as tiny  # noqa: E402

KINDS = {"dinov2": "dinov2-small", "dinov3": "dinov3-vits16", "clip": "clip-vitb16", "siglip": "siglip2-base"}
KINDS |= {"ssl4eo": "ssl4eo-vits16-moco"}
TEXTS = ("clip", "siglip")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Return all of them, loaded."""
    base = tmp_path_factory.mktemp("embedders")
    specs = [replace(BUILT_IN.get(name), input_size=112) for name in KINDS.values()]
    for kind, spec in zip(KINDS, specs, strict=True):
        import_from(spec, base / "models", tiny.save(kind, base / kind))
    loaded = LoadedModels(Registry().register(*specs), base / "models", choose=lambda wanted: cpu())
    return {kind: loaded.get(name) for kind, name in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_half_precision_changes_little(models, kind, tmp_path):
    spec = BUILT_IN.get(KINDS[kind])
    import_from(spec, tmp_path / "models", tiny.save(kind, tmp_path / kind))
    device = ComputeDevice("cpu", "processor", "bfloat16")
    half = LoadedModels(BUILT_IN, tmp_path / "models", choose=lambda wanted: device).get(spec.id)
    image = picture(half)
    dense, exact = half.dense(image, whole()), models[kind].dense(image, whole())
    assert dense.dtype == np.float32
    assert (dense * exact).sum(0).min() > 0.99
    assert half.embed(image)[0] @ models[kind].embed(image)[0] > 0.99
    if kind in TEXTS:
        assert half.phrases(["river"]) == pytest.approx(models[kind].phrases(["river"]), abs=1e-5)


def picture(model, height=40, width=56, seed=0):
    random = np.random.default_rng(seed)
    if model.bands:
        return random.uniform(0, 5000, (len(model.bands), height, width)).astype(np.float32)
    return random.integers(0, 256, (height, width, 3), dtype=np.uint8)


def whole(height=40, width=56):
    return np.ones((height, width), bool)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_lengths(models, kind):
    model = models[kind]
    assert isinstance(model, BatchEmbedder)
    assert isinstance(model, TextAligned) == BUILT_IN.get(KINDS[kind]).reads_phrases == (kind in TEXTS)
    assert model.stride == {"dinov2": 14, "clip": 8}.get(kind, 16)
    dense = model.dense(picture(model), whole())
    assert dense.shape == (model.dense_width, -(-40 // model.stride), -(-56 // model.stride))
    assert dense.dtype == np.float32
    assert np.linalg.norm(dense, axis=0) == pytest.approx(1, abs=1e-5)
    vector, scales = model.embed(picture(model))
    assert vector.shape == (model.width,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert scales.size == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_gives_what_one_gives(models, kind):
    model = models[kind]
    several = np.stack([picture(model, seed=seed) for seed in range(3)])
    together = model.dense_batch(several, np.stack([whole()] * 3))
    for one, found in zip(several, together, strict=True):
        assert found == pytest.approx(model.dense(one, whole()), abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_without_data_do_not_matter(models, kind):
    model = models[kind]
    valid = whole()
    valid[5:20, 10:30] = False
    spoilt = picture(model)
    place = np.s_[:, 5:20, 10:30] if model.bands else np.s_[5:20, 10:30]
    spoilt[place] = 7
    assert model.dense(spoilt, valid) == pytest.approx(model.dense(picture(model), valid), abs=1e-6)
    assert model.embed(spoilt, valid)[0] == pytest.approx(model.embed(picture(model), valid)[0], abs=1e-6)
    assert np.abs(model.dense(spoilt, whole()) - model.dense(picture(model), whole())).max() > 1e-3


@pytest.mark.parametrize("kind", ["dinov2", "dinov3"])
def test_a_patch_lies_where_it_is(models, kind):
    """What is changed in one patch changes its vector more than any other."""
    model = models[kind]
    side = model.stride
    image = picture(model, 5 * side, 6 * side)
    changed = image.copy()
    changed[3 * side : 4 * side, 2 * side : 3 * side] = 0
    before, after = (model.dense(one, whole(5 * side, 6 * side)) for one in (image, changed))
    moved = np.linalg.norm(before - after, axis=0)
    assert np.unravel_index(moved.argmax(), moved.shape) == (3, 2)


def test_tokens_are_laid_out_row_by_row():
    tokens = torch.arange(12.0)[None, :, None] + torch.tensor([0.0, 100.0])
    found = as_map(tokens, 3)
    assert found.shape == (1, 2, 3, 4)
    assert found[0, 1, 2].tolist() == [108, 109, 110, 111]


def normalised(image, mean, std):
    return torch.from_numpy(((image / 255 - mean) / std).transpose(2, 0, 1)[None].astype(np.float32))


IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def test_dinov2_is_the_class_itself(models):
    image = picture(models["dinov2"], 56, 56)
    tokens = tiny.dinov2()(pixel_values=normalised(image, *IMAGENET)).last_hidden_state[0, 1:]
    expected = torch.nn.functional.normalize(tokens, dim=1).T.reshape(-1, 4, 4).numpy()
    assert models["dinov2"].dense(image, whole(56, 56)) == pytest.approx(expected, abs=1e-5)


def test_dinov3_drops_its_registers(models):
    image = picture(models["dinov3"], 32, 48)
    tokens = tiny.dinov3()(pixel_values=normalised(image, *IMAGENET)).last_hidden_state[0, 5:]
    expected = torch.nn.functional.normalize(tokens, dim=1).T.reshape(-1, 2, 3).numpy()
    assert models["dinov3"].dense(image, whole(32, 48)) == pytest.approx(expected, abs=1e-5)


def test_the_satellite_one_has_colours_of_its_own():
    assert BUILT_IN.get("dinov3-vitl16-sat").normalisation.mean == (0.430, 0.411, 0.296)
    assert BUILT_IN.get("dinov3-vitl16").normalisation.mean == IMAGENET[0]


def test_siglip_as_the_class_has_it(models):
    model, reference = models["siglip"], tiny.siglip()
    image = picture(model, 64, 64)
    half = np.full(3, 0.5)
    seen = reference.vision_model(pixel_values=normalised(image, half, half))
    expected = torch.nn.functional.normalize(seen.pooler_output[0], dim=0).numpy()
    vector = model.embed(image)[0]
    assert vector == pytest.approx(expected, abs=1e-5)
    ids = [[tiny.WORDS.index(word) for word in words] for word in ("river",) for words in (
        (word,), ("a", "photo", "of", word, "."), ("a", "satellite", "photo", "of", word, "."))]  # fmt: skip
    rows = torch.tensor([[*row, 1, *[0] * (15 - len(row))] for row in ids])
    text = torch.nn.functional.normalize(reference.text_model(input_ids=rows).pooler_output, dim=1).mean(0)
    found = model.phrases(["River"])
    assert found[0] == pytest.approx((text / text.norm()).numpy(), abs=1e-5)
    logit = reference.logit_scale.exp().item() * float(vector @ found[0]) + reference.logit_bias.item()
    assert model.scores(vector[:, None, None], found)[0, 0, 0] == pytest.approx(logit, abs=1e-3)


def test_a_siglip_patch_is_what_the_head_says_of_it_alone(models):
    """A picture of one patch has one vector, pooled or dense."""
    model = models["siglip"]
    tokens = tiny.siglip().vision_model
    image = picture(model, 16, 16)
    pixels = normalised(image, np.full(3, 0.5), np.full(3, 0.5))
    pooled = tokens(pixel_values=pixels, interpolate_pos_encoding=True).pooler_output[0]
    expected = torch.nn.functional.normalize(pooled, dim=0).numpy()
    assert model.dense(image, whole(16, 16))[:, 0, 0] == pytest.approx(expected, abs=1e-5)


def test_clip_says_what_fits_better_than_the_background(models):
    model = models["clip"]
    phrases = model.phrases(["river", "background"])
    assert np.linalg.norm(phrases, axis=1) == pytest.approx(1, abs=1e-5)
    dense = model.dense(picture(model), whole())
    scores = model.scores(dense, phrases)
    assert scores.shape == (2, *dense.shape[1:])
    assert scores[1] == pytest.approx(0, abs=1e-4)
    assert ((scores[0] > 0) == (np.tensordot(phrases[0] - phrases[1], dense, 1) > 0)).all()
    with pytest.raises(BadInput, match="reads English"):
        model.phrases(["建筑"])


def test_siglip_reads_other_languages_but_no_novels(models):
    assert models["siglip"].phrases(["río", "roof"]).shape == (2, tiny.WIDTH)
    with pytest.raises(BadInput, match="SigLIP 2 reads 15") as caught:
        models["siglip"].phrases(["river " * 20])
    assert caught.value.code == codes.PROMPT_INVALID


def test_missing_bands_count_as_none(models):
    model = models["ssl4eo"]
    assert model.bands == LEVEL_1C
    image = picture(model)
    image[10] = np.nan
    dark = image.copy()
    dark[10] = 0
    assert np.isfinite(model.dense(image, whole())).all()
    assert model.dense(image, whole()) == pytest.approx(model.dense(dark, whole()), abs=1e-6)


def test_memory_that_runs_out_moves_the_model_to_the_cpu(tmp_path, monkeypatch):
    spec = BUILT_IN.get("dinov2-small")
    import_from(spec, tmp_path / "models", tiny.save("dinov2", tmp_path / "files"))
    model = LoadedModels(BUILT_IN, tmp_path / "models", choose=lambda wanted: ComputeDevice("cpu", "tiny GPU")).get(
        spec.id
    )
    expected = model.dense(picture(model), whole())

    def full(*_):
        raise torch.OutOfMemoryError("out")

    monkeypatch.setattr(model._model, "dense", full)
    assert model.dense(picture(model), whole()) == pytest.approx(expected)
    assert "tiny GPU ran out" in model.notice


def test_damaged_weights_are_said(tmp_path):
    spec = BUILT_IN.get("dinov3-vits16")
    folder = tiny.save("dinov3", tmp_path / "files")
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:5000])
    import_from(spec, tmp_path / "models", folder)
    with pytest.raises(Unavailable) as caught:
        LoadedModels(BUILT_IN, tmp_path / "models", choose=lambda wanted: cpu()).get(spec.id)
    assert caught.value.code == codes.WEIGHTS_MISMATCH
