"""Every model that embeds says in the catalogue, and once loaded, what the interface asks for."""

from dataclasses import replace

import pytest

from backend.device import cpu
from backend.models.catalog import BUILT_IN
from backend.models.embedder import DenseEmbedder, TextAligned, Unfitted
from backend.models.loaded import LoadedModels
from backend.models.registry import Registry
from backend.models.spec import WeightFile, Weights
from backend.models.weights_import import import_from

SHIPS = [spec.id for spec in BUILT_IN if "embed" in spec.tasks and spec.weights is None]


@pytest.mark.parametrize("name", SHIPS)
def test_those_that_ship(name, tmp_path):
    spec = BUILT_IN.get(name)
    model = LoadedModels(BUILT_IN, tmp_path, choose=lambda wanted: cpu()).get(name)
    assert isinstance(model, DenseEmbedder | Unfitted)
    assert isinstance(model, TextAligned) == spec.reads_phrases


def test_segearth(tmp_path):
    pytest.importorskip("transformers")
    from tests.backend.models.tiny_clip import CHANNELS, save_open, tiny_clip

    unpinned = Weights(
        (WeightFile("open_clip_config.json", 0, ""), WeightFile("open_clip_model.safetensors", 0, "")), "MIT"
    )
    spec = replace(BUILT_IN.get("segearth-ov"), id="tiny", weights=unpinned)
    save_open(tiny_clip(), tmp_path / "files", "quick_gelu")
    import_from(spec, tmp_path / "models", tmp_path / "files")
    model = LoadedModels(Registry().register(spec), tmp_path / "models", choose=lambda wanted: cpu()).get("tiny")
    assert isinstance(model, TextAligned)
    assert (model.bands, model.width, model.dense_width) == ((), CHANNELS, CHANNELS)
