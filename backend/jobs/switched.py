"""A dense model as a request wants it: its decoder, upsampling, removal of bias."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

from backend.errors import BadInput
from backend.geo.measure import ground_pixel
from backend.geo.raster import Grid
from backend.geo.reader import SourceReader
from backend.jobs.live_grounder import Floats, LiveGrounder
from backend.models import jbu_guided, weights
from backend.models.embedder import Grounder
from backend.models.loaded import LoadedModels
from backend.models.segmenter import Image
from backend.models.spec import ModelSpec
from backend.models.switches import AUTO, TEXT
from backend.protocol import codes
from backend.tasks.ground.parameters import GroundParameters
from backend.tasks.ground.sharpened import Sharpened, Unbiased, shared_direction

UPSAMPLER = "upsampler"
"""The option of a model's spec that names its upsampler."""


FINEST_M, COARSEST_M = 0.2, 1.5
"""Metres a pixel of the imagery that Mini's pixel decoder was taught with; docs/pixel_decoder.md has the figures."""


def decoder_for(parameters: GroundParameters, grid: Grid) -> str:
    """Return the decoder that is asked for; where none is, the text head for an example and for other resolutions."""
    if parameters.decoder != AUTO:
        return parameters.decoder
    taught = FINEST_M <= ground_pixel(grid)[0] <= COARSEST_M
    return AUTO if taught and not parameters.example else TEXT


def switched(
    model: LiveGrounder, spec: ModelSpec, parameters: GroundParameters, loaded: LoadedModels, models: Path,
    reader: SourceReader,
) -> Grounder:  # fmt: skip
    """Return `model`, of which `use` was told the same, with what it lacks itself around it.

    Raises:
        BadInput: PARAMETER_INVALID for a model that no upsampler is for; as `shared_direction`.
        Unavailable: MODEL_NOT_INSTALLED where its upsampler is not there.
    """
    if model.switches:
        return model
    seen: Grounder = model
    if parameters.upsample:
        seen = Sharpened(seen, _upsampler(spec, loaded, models))
    if parameters.remove_bias:
        seen = Unbiased(seen, shared_direction(reader, seen))
    return seen


class LiveUpsampler:
    """An installed upsampler, loaded again where it was dropped in between."""

    def __init__(self, loaded: LoadedModels, name: str) -> None:
        self._loaded, self._name = loaded, name

    @property
    def factor(self) -> int:
        """Return how much finer features become."""
        return self._upsampler.factor

    def upsample(self, features: Floats, image: Image) -> Floats:
        """Return finer features."""
        return self._upsampler.upsample(features, image)

    @property
    def _upsampler(self) -> jbu_guided.GuidedUpsampler:
        return cast(jbu_guided.GuidedUpsampler, self._loaded.get(self._name))


def _upsampler(spec: ModelSpec, loaded: LoadedModels, models: Path) -> LiveUpsampler | jbu_guided.GuidedUpsampler:
    name = str(spec.options.get(UPSAMPLER, ""))
    if not name:
        detail = f"There is no upsampler for the features of {spec.title}; leave upsample off."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    upsampler = loaded.registry.get(name)
    shipped = Path(str(upsampler.options.get("shipped", "")))
    if shipped.is_file() and weights.installed(upsampler, models) is None:
        return _shipped(shipped)
    loaded.get(name)  # what is wrong with it is known at once
    return LiveUpsampler(loaded, name)


@cache
def _shipped(path: Path) -> jbu_guided.GuidedUpsampler:
    return jbu_guided.from_graph(path)
