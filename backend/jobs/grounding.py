"""A ground job with the models it needs: the one that reads phrases, and one that outlines what a detector boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from backend.errors import BadInput, Unavailable
from backend.geo.reader import SourceReader
from backend.jobs.live_grounder import LiveGrounder
from backend.jobs.live_model import LiveModel
from backend.jobs.switched import decoder_for, switched
from backend.jobs.unfinished import Unfinished
from backend.models import tiers, weights
from backend.models.loaded import LoadedModels
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.jobs import JobRequest, Partial
from backend.tasks.ground.dense import run_dense
from backend.tasks.ground.detected import run_detector
from backend.tasks.ground.job import Grounding
from backend.tasks.ground.known_words import doubt_of
from backend.tasks.ground.parameters import GroundParameters
from backend.tasks.ground.phrases import split_phrases
from backend.tasks.ground.places import Places
from backend.tasks.ground.redraw import Redrawer
from backend.tasks.ground.refine import Refiner
from backend.tasks.ground.units import SIDE
from backend.tasks.record import model_record

SPEEDS = ("medium", "fast", "slow")
"""Of the segmenters installed, the first in this order outlines: the quick small one follows boxes less well."""
LAST_RESORT = "classic"


def run_ground(
    request: JobRequest,
    loaded: LoadedModels,
    models: Path,
    reader: SourceReader,
    places: Places,
    runs: Path,
    progress: Callable[[float, str], None],
    show: Callable[[Partial], None] = lambda _: None,
    notify: Callable[[str], None] = lambda _: None,
    scores_as_float: bool = False,
) -> list[Path]:
    """Run a request whose model is named, and return the files written; weights lie in `models`.

    Raises:
        BadInput: as `run_dense` and `run_detector`; MODEL_UNKNOWN for a segmenter that cannot outline.
        Unavailable: as `LoadedModels.get`; DISK_FULL.
    """
    spec = loaded.registry.get(request.model)
    request = replace(request, parameters={**spec.defaults, **request.parameters})
    parameters = GroundParameters.parse(request.parameters)
    model = LiveGrounder(loaded, spec.id, request.device)
    model.use(decoder_for(parameters, reader.grid), parameters.upsample, parameters.remove_bias, parameters.finest)
    doubt = doubt_of(split_phrases(parameters.phrases)) if parameters.phrases.strip() else ""
    for sentence in (model.notice, model.lacking, doubt):
        if sentence:
            notify(sentence)
    record = model_record(spec, models, model.device.kind, model.device.dtype) | model.decoder
    keep = Unfinished(runs).open
    side = SIDE if model.detects or model.stride > 1 else SIDE // 2
    job = Grounding(request, reader, record, spec.title, places, keep, progress, show, side, scores_as_float)
    if not model.detects and not parameters.refine:
        return run_dense(job, switched(model, spec, parameters, loaded, models, reader))
    outliner = choose_outliner(loaded, models, str(request.parameters.get("segmenter", "")))
    about = model_record(outliner, models, "", "")
    job = replace(
        job, model_record={**record, "segmenter": {name: about[name] for name in ("id", "revision", "sha256")}}
    )
    segmenter = LiveModel(loaded, outliner.id, request.device)
    if model.detects:
        return run_detector(job, model, Refiner(reader, segmenter, outliner.id), outliner.id)
    redrawer = Redrawer(reader, segmenter, outliner.id)
    return run_dense(job, switched(model, spec, parameters, loaded, models, reader), redrawer)


def choose_outliner(loaded: LoadedModels, models: Path, wanted: str) -> ModelSpec:
    """Return the segmenter of that id, or the best that is installed. Raises MODEL_UNKNOWN, MODEL_NOT_INSTALLED."""
    if wanted:
        spec = loaded.registry.get(wanted)
        if "segment" not in spec.tasks:
            raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} cannot segment; choose another model for outlines.")
        return spec
    able = [spec for spec in loaded.registry.for_task("segment") if _usable(spec, models)]
    if not able:
        raise Unavailable(codes.MODEL_NOT_INSTALLED, "No model that outlines objects is installed; install one.")
    return min(able, key=lambda spec: (spec.id == LAST_RESORT, SPEEDS.index(spec.speed)))


def _usable(spec: ModelSpec, models: Path) -> bool:
    ready = not weights.needed(spec) or weights.installed(spec, models) is not None
    return ready and not tiers.why_unavailable(spec.tier)
