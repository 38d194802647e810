"""The search for change between two pictures, with the models its method needs."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from backend.errors import BadInput
from backend.jobs.handler import Handler, Workshop
from backend.jobs.live import Live
from backend.jobs.live_detector import LiveDetector
from backend.jobs.live_embedder import LiveEmbedder
from backend.jobs.live_grounder import LiveGrounder
from backend.jobs.live_model import LiveModel
from backend.jobs.run_context import RunContext, context_of
from backend.jobs.shown_source import shown_source
from backend.jobs.step import Step
from backend.jobs.switched import decoder_for
from backend.jobs.unfinished import Unfinished
from backend.models.change_detector import ANY
from backend.models.embedder import DenseEmbedder
from backend.models.loaded import LoadedModels
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.capabilities import Task
from backend.protocol.defaults import CHANGE_MODEL, DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.detect_change.detected import Detected, tells
from backend.tasks.detect_change.distance import Distance
from backend.tasks.detect_change.job import Detecting, run_detect_change
from backend.tasks.detect_change.method import Method
from backend.tasks.detect_change.pair import Pair
from backend.tasks.detect_change.parameters import (
    DETECT_PARAMETERS,
    DETECTOR,
    DISTANCE,
    SEGMENTS,
    DetectParameters,
)
from backend.tasks.detect_change.places import Places, job_places
from backend.tasks.detect_change.segments import Segments
from backend.tasks.ground.parameters import GroundParameters
from backend.tasks.ground.question import Question, read_question
from backend.tasks.ground.scorer import Scorer, phrase_vectors
from backend.tasks.record import model_record

DETECT_CHANGE = "detect-change"
AFTER = "after"
NEEDS = {DETECTOR: DETECT_CHANGE, SEGMENTS: "segment", DISTANCE: "embed"}
"""The task that a method's model must be for."""


def run_detect(request: JobRequest, places: Places, run: RunContext) -> list[Path]:
    """Run a request and return the files written, the record last.

    Raises:
        BadInput: MODEL_UNKNOWN and PARAMETER_INVALID for a model that cannot do it; as `run_detect_change`.
        Unavailable: as `LoadedModels.get`; DISK_FULL.
    """
    asked = DetectParameters.parse(request.parameters)
    before, after = request.source or Source(), request.others[AFTER]
    places.check((Path(before.path), Path(after.path)))
    spec = model_of(asked.method, request.model, run.loaded)
    with ExitStack() as open_files:
        readers = [open_files.enter_context(shown_source(source, run.notify)) for source in (before, after)]
        pair = Pair.of(*readers)
        pair.area(asked.area)  # what is wrong with it is known at once
        method, live = method_of(asked, spec, request.device, run.loaded)
        _tell(live, run)
        record = model_record(spec, run.models, live.device.kind, live.device.dtype)
        if asked.method == SEGMENTS:
            latents = run.loaded.registry.get(CHANGE_MODEL[DISTANCE])
            record["latents"] = {"id": latents.id, "sha256": model_record(latents, run.models, "", "")["sha256"]}
        scorer, phrases = None, tuple[str, ...]()
        if asked.classes.strip():
            scorer, phrases, told = _scorer(asked.classes, pair, request.device, run)
            record["phrases"] = told
        keep = Unfinished(run.runs).open
        job = Detecting(
            request, pair, method, record, places, keep, run.progress, run.show, run.notify, scorer, phrases
        )
        return run_detect_change(job)


def model_of(method: str, model: str, loaded: LoadedModels) -> ModelSpec:
    """Return the model of a method, its default where none is named. Raises MODEL_UNKNOWN."""
    spec = loaded.registry.get(model or CHANGE_MODEL[method])
    if NEEDS[method] not in spec.tasks:
        able = ", ".join(one.id for one in loaded.registry.for_task(NEEDS[method]))
        detail = f"{spec.title} cannot find change by the method {method}; use one of {able}."
        raise BadInput(codes.MODEL_UNKNOWN, detail)
    return spec


def method_of(asked: DetectParameters, spec: ModelSpec, device: str, loaded: LoadedModels) -> tuple[Method, Live[Any]]:
    """Return the method asked for with its model, and that model. Raises PARAMETER_INVALID; as `LoadedModels.get`."""
    if asked.method == DETECTOR:
        detector = LiveDetector(loaded, spec.id, device)
        if not tells(asked.only, detector):
            detail = f"{spec.title} does not tell {asked.only} from other change; choose another model, or only {ANY}."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        if asked.classes.strip() and detector.classes:
            detail = f"{spec.title} answers in classes of its own; leave classes out, or choose another method."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return Detected(detector, asked.only), detector
    if asked.method == SEGMENTS:
        segmenter = LiveModel(loaded, spec.id, device)
        latents = embedder_of(loaded.registry.get(CHANGE_MODEL[DISTANCE]), device, loaded)
        return Segments(segmenter, cast(DenseEmbedder, latents), spec.id), segmenter
    embedder = embedder_of(spec, device, loaded)
    return Distance(cast(DenseEmbedder, embedder)), embedder


def embedder_of(spec: ModelSpec, device: str, loaded: LoadedModels) -> LiveEmbedder:
    """Return an embedder of places in pictures as they are shown. Raises PARAMETER_INVALID for any other."""
    embedder = LiveEmbedder(loaded, spec.id, device)
    if embedder.bands or not embedder.places:
        why = "takes bands as they are stored" if embedder.bands else "has no vectors of single places"
        detail = f"{spec.title} {why}: embed both dates with it and compare these, or choose another model."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return embedder


def _scorer(classes: str, pair: Pair, device: str, run: RunContext) -> tuple[Scorer, tuple[str, ...], dict[str, Any]]:
    """Return what tells the classes of `classes` apart, their names, and its record."""
    question = _question(classes)
    spec = run.loaded.registry.get(DEFAULT_MODEL["ground"])
    model = LiveGrounder(run.loaded, spec.id, device)
    model.use(decoder_for(GroundParameters(phrases=classes), pair.grid), upsample=False, remove_bias=False)
    vectors = phrase_vectors(model, question.words, spec.title)
    about = model_record(spec, run.models, model.device.kind, model.device.dtype) | model.decoder
    return Scorer(model, vectors, owners=question.owners), question.shown, about


def _question(classes: str) -> Question:
    return read_question(GroundParameters(phrases=classes))


def _tell(live: Live[Any], run: RunContext) -> None:
    if live.notice:
        run.notify(live.notice)


def check_request(request: JobRequest) -> None:
    """Refuse what can be refused without the pictures. Raises PARAMETER_INVALID, PROMPT_INVALID."""
    unknown = sorted(set(request.others) - {AFTER})
    if unknown:
        detail = f"The detect-change task knows nothing of {unknown[0]!r:.60}; leave it out."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if AFTER not in request.others:
        raise BadInput(codes.PARAMETER_INVALID, "There is nothing to compare with; name the later picture.")
    asked = DetectParameters.parse(request.parameters)
    if asked.classes.strip():
        _question(asked.classes)


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    run = context_of(workshop, folder, step)
    return run_detect(request, job_places(folder, request), run)


DETECTING = Handler(
    Task(DETECT_CHANGE, "Find change between two dates", "", DETECT_PARAMETERS),
    lambda request, _: check_request(request),
    _run,
    needs_model=False,
)
