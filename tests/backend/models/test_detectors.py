"""What every detector must do, whatever its network, and what the catalogue says of them."""

import json
from types import MappingProxyType

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    MMGroundingDinoConfig,
    MMGroundingDinoForObjectDetection,
    Owlv2Config,
    Owlv2ForObjectDetection,
    Sam3Config,
    Sam3Model,
)

from backend.device import ComputeDevice
from backend.errors import BadInput, Unavailable
from backend.models.catalog import BUILT_IN
from backend.models.catalog_detectors import SHARED, detectors
from backend.models.fallback_detector import FallbackDetector
from backend.models.loaded import LoadedModels
from backend.models.nms import iou
from backend.models.phrase_tokens import packed
from backend.models.registry import Registry
from backend.models.weights import folder_of
from backend.models.weights_import import import_from
from tests.backend.models.detecting import DETECTORS, detector_spec, loaded_detector, saved_detector
from tests.backend.models.full_size import millions, on_meta
from tests.backend.models.promptable import picture

PHRASES = ["tree", "red roof"]


@pytest.fixture(scope="module", params=DETECTORS)
def made(request, tmp_path_factory):
    """The name, the folder of its files and the loaded detector."""
    folder = tmp_path_factory.mktemp(request.param)
    saved_detector(request.param, folder)
    return request.param, folder, loaded_detector(request.param, folder)


def test_what_is_found_lies_in_the_picture_best_first(made):
    _, _, ours = made
    image, valid = picture(90, 100)
    found = ours.detect(image, valid, PHRASES)
    assert found
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.box.dtype == np.float32
        assert (one.box >= 0).all()
        assert (one.box <= [100, 90, 100, 90]).all()
        assert (one.box[2:] > one.box[:2]).all()
        assert 0 <= one.score <= 1
        assert one.phrase in (0, 1)
        assert one.mask is None or (one.mask.shape == (90, 100) and one.mask.dtype == bool)


def test_nothing_under_the_floor_and_no_object_twice(made):
    name, folder, ours = made
    everything = ours.detect(*picture(90, 100), PHRASES)
    floor = everything[len(everything) // 2].score
    strict = loaded_detector(name, folder, floor=floor, overlap=0.0)
    found = strict.detect(*picture(90, 100), PHRASES)
    assert 0 < len(found) < len(everything)
    assert found[0].score == everything[0].score
    assert all(one.score >= floor for one in found)
    for k, one in enumerate(found):
        others = [other.box for other in found[k + 1 :] if other.phrase == one.phrase]
        assert not others or iou(one.box, np.array(others)).max() == 0


def test_pixels_without_data_do_not_matter(made):
    _, _, ours = made
    image, valid = picture(96, 96)
    other = image.copy()
    other[~valid] = 200
    scores = [[one.score for one in ours.detect(i, valid, PHRASES)] for i in (image, other)]
    assert scores[0] == scores[1]
    assert [one.score for one in ours.detect(other, valid | True, PHRASES)] != scores[0]


def test_a_picture_without_data_has_nothing_in_it(made):
    _, _, ours = made
    assert ours.detect(np.zeros((30, 40, 3), np.uint8), np.zeros((30, 40), bool), PHRASES) == []


def test_a_larger_picture_than_the_input_is_made_smaller(made):
    _, _, ours = made
    image, valid = picture(230, 310)
    assert max(one.box[2] for one in ours.detect(image, valid, PHRASES)) > 155


@pytest.mark.parametrize(
    ("phrase", "sentence"), [("游泳池", r"letters it does not know \(游泳池\)"), ("дом", "letters"), ("...", "no word")]
)
def test_a_phrase_it_cannot_read_is_refused(made, phrase, sentence):
    _, _, ours = made
    with pytest.raises(BadInput, match=sentence) as caught:
        ours.detect(*picture(60, 60), ["tree", phrase])
    assert caught.value.code == "prompt-invalid"


def test_letters_of_latin_script_are_read(made):
    _, _, ours = made
    assert ours.detect(*picture(60, 60), ["café 2 (red)"])


def test_phrases_are_read_once_for_many_pictures(made, monkeypatch):
    _, _, ours = made
    read, times = ours._model._read, []
    monkeypatch.setattr(ours._model, "_read", lambda phrases: times.append(phrases) or read(phrases))
    for seed in range(3):
        ours.detect(*picture(60, 60, seed), ["a pool", "tree"])
    ours.detect(*picture(60, 60), ["tree", "a pool"])
    assert times == [["a pool", "tree"], ["tree", "a pool"]]


def test_missing_weights_are_refused(made, tmp_path):
    """transformers would go on with random numbers in their place."""
    name, folder, _ = made
    tensors = load_file(folder / "model.safetensors")
    del tensors[next(key for key in tensors if key.endswith(DETECTORS[name].missing))]
    save_file(tensors, tmp_path / "model.safetensors", {"format": "pt"})
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    DETECTORS[name].tokens(tmp_path)
    with pytest.raises(Unavailable, match="1 tensors are missing"):
        loaded_detector(name, tmp_path)


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_tokenizer_files_that_cannot_be_read_are_named(made, tmp_path, damage):
    name, folder, _ = made
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for file in tmp_path.glob("[tv]o[kc]*.json"):
        file.unlink() if damage == "missing" else file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(Unavailable, match="tokenizer files") as caught:
        loaded_detector(name, tmp_path)
    assert caught.value.code == "weights-mismatch"


def test_a_full_gpu_is_left_for_the_cpu(made):
    """A GPU whose memory runs out, played on the CPU with torch's own exception."""
    name, folder, ours = made

    def build(spec, folder, device):
        model = DETECTORS[name].module.build(spec, folder, ComputeDevice("cpu", "stands in"))
        if device.kind == "cuda":
            model.detect = full
        return model

    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    gpu = ComputeDevice("cuda", "GPU of 6 GB")
    model = FallbackDetector(build, detector_spec(name), folder, gpu)
    image = picture(60, 60)
    assert [one.score for one in model.detect(*image, PHRASES)] == [one.score for one in ours.detect(*image, PHRASES)]
    assert model.device.kind == "cpu"
    assert "memory of GPU of 6 GB ran out" in model.notice


def test_the_store_hands_it_its_files(made, tmp_path):
    """Imported from a folder, verified, loaded through the door every model comes by."""
    name, folder, ours = made
    spec = next(spec for spec in BUILT_IN if spec.loader == f"backend.models.{name}:load")
    weights = spec.weights.__class__(
        tuple(file.__class__(file.name, 0, "") for file in spec.weights.files), spec.licence, spec.weights.repo
    )
    options = MappingProxyType({"floor": 0.0, "overlap": 1.0})
    tiny = spec.__class__(**{**vars(spec), "weights": weights, "options": options, "input_size": DETECTORS[name].side})
    import_from(tiny, tmp_path, folder)
    found = LoadedModels(Registry().register(tiny), tmp_path).get(spec.id, "cpu").detect(*picture(60, 60), PHRASES)
    assert [one.score for one in found] == [one.score for one in ours.detect(*picture(60, 60), PHRASES)]


def test_closing_frees_the_weights(made):
    name, folder, _ = made
    model = loaded_detector(name, folder)
    model.close()
    assert model._model._model is None


@pytest.mark.parametrize(
    ("lengths", "groups"),
    [((3, 3, 3), [[0, 1], [2]]), ((7,), [[0]]), ((1, 6, 1, 6), [[0, 1], [2, 3]]), ((), []), ((7, 7), [[0], [1]])],
)
def test_phrases_are_packed_in_order(lengths, groups):
    assert packed(lengths, 7) == groups


SWIN = {"model_type": "swin", "out_indices": [2, 3, 4]}
SWIN_B = {**SWIN, "embed_dim": 128, "depths": [2, 2, 18, 2], "num_heads": [4, 8, 16, 32], "window_size": 12}
VIT_L = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16}
CLIP_L = {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12}
FULL_SIZE = {
    "grounding-dino-tiny": (GroundingDinoForObjectDetection, GroundingDinoConfig, {"backbone_config": SWIN}),
    "grounding-dino-base": (GroundingDinoForObjectDetection, GroundingDinoConfig, {"backbone_config": SWIN_B}),
    "mm-grounding-dino-tiny": (MMGroundingDinoForObjectDetection, MMGroundingDinoConfig, {"backbone_config": SWIN}),
    "owlv2-base": (Owlv2ForObjectDetection, Owlv2Config, {"vision_config": {"image_size": 960, "patch_size": 16}}),
    "owlv2-large": (
        Owlv2ForObjectDetection,
        Owlv2Config,
        {
            "vision_config": {"image_size": 1008, "patch_size": 14, **VIT_L},
            "text_config": CLIP_L,
            "projection_dim": 768,
        },
    ),
}


@pytest.mark.parametrize("name", FULL_SIZE)
def test_parameters_are_those_the_catalogue_estimates(name):
    kind, config, parts = FULL_SIZE[name]
    found = {spec.id: spec for spec in detectors(lambda name, weights: weights)}[name]
    size = found.weights.files[1].size
    assert 4e6 * millions(on_meta(kind, config(**parts))) == pytest.approx(size, rel=0.005)
    assert found.memory > 1.5 * size


@pytest.mark.parametrize("name", ["grounding-dino-tiny", "grounding-dino-base", "owlv2-base"])
def test_published_files_are_as_large_as_the_architecture(name):
    """What is over is the file's header, and the windows' indices that older versions of transformers stored."""
    kind, config, parts = FULL_SIZE[name]
    size = BUILT_IN.get(name).weights.files[1].size
    assert 0 <= size - 4e6 * millions(on_meta(kind, config(**parts))) < 0.005 * size


def test_sam3s_detector_and_its_published_layout():
    model = on_meta(Sam3Model, Sam3Config())
    assert round(millions(model)) == 840
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    assert shapes["text_projection.weight"] == (256, 1024)
    assert shapes["detr_decoder.query_embed.weight"] == (200, 256)


def test_sam3_is_stored_once():
    tracker, concepts = BUILT_IN.get("sam3-tracker"), BUILT_IN.get("sam3-concepts")
    assert concepts.options["weights_of"] == SHARED == tracker.id
    assert concepts.weights.files == tracker.weights.files
    assert concepts.weights.revision == tracker.weights.revision


def test_shared_weights_lie_in_one_folder(tmp_path):
    assert folder_of(BUILT_IN.get("sam3-concepts"), tmp_path) == folder_of(BUILT_IN.get("sam3-tracker"), tmp_path)


def test_every_detector_says_what_it_needs():
    found = detectors(lambda name, weights: weights)
    assert len(found) == 11
    for spec in found:
        assert spec.options["floor"] < 0.5 < spec.options["overlap"] + 0.1
        assert {"config.json", "model.safetensors"} < {file.name for file in spec.weights.files}
        assert json.dumps(dict(spec.options))
        assert spec.speed == "slow"
        assert not spec.hover
