"""The embed job: imagery to vectors, with the embedder it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.geo.atomic import write_bytes
from backend.geo.bands import BandReader, Scaling
from backend.jobs.handler import Handler, Workshop
from backend.jobs.live_embedder import LiveEmbedder
from backend.jobs.run_context import RunContext, context_of
from backend.jobs.shown_source import shown_source
from backend.jobs.step import Step
from backend.jobs.unfinished import Unfinished
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.capabilities import Parameter, Task
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.embed.chips import run_chips
from backend.tasks.embed.dense import run_dense
from backend.tasks.embed.job import Embedding
from backend.tasks.embed.parameters import CHIPS, DENSE, EMBED_PARAMETERS, EmbedParameters
from backend.tasks.embed.pixels import Reader
from backend.tasks.embed.places import Places, job_places
from backend.tasks.embed.sample import sample
from backend.tasks.record import model_record

CUDA_BATCH = 8
FITTED = "fitted"
"""What a request calls the file of what a model learnt from another source."""


def run_embed(request: JobRequest, places: Places, run: RunContext) -> list[Path]:
    """Run a request whose model is named, and return the files written, the record last.

    Raises:
        BadInput: as `run_dense` and `run_chips`; PARAMETER_INVALID for what the model cannot do.
        Unavailable: as `LoadedModels.get`; DISK_FULL.
    """
    spec = run.loaded.registry.get(request.model)
    learnt = sorted(set(request.parameters) & set(spec.defaults))
    if FITTED in request.others and learnt:
        detail = f"What the model learnt from the other picture says {learnt[0]} already; leave one of the two out."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    request = replace(request, parameters={**spec.defaults, **request.parameters})
    asked = EmbedParameters.parse(request.parameters, spec.parameters)
    source = request.source or Source()
    model = opened_embedder(run, spec, request.device)
    if asked.kind == DENSE and not model.places:
        raise BadInput(codes.PARAMETER_INVALID, f"{spec.title} has no vectors of single places; embed chips.")
    record = model_record(spec, run.models, model.device.kind, model.device.dtype)
    with opened_source(source, model, asked, spec, run.notify) as reader:
        places.check(asked.kind, Path(source.path))
        with _state(request, asked, model, reader, record, run) as state:
            if state is not None:
                model.use(state)
                record["sha256"] = {FITTED: hashlib.sha256(state).hexdigest()}
            keep, batch = Unfinished(run.runs).open, CUDA_BATCH if model.batches else 1
            job = Embedding(
                request, asked, reader, spec, record, places, keep, run.progress, run.show, batch, state,
                run.notify,
            )  # fmt: skip
            return run_chips(job, model) if asked.kind == CHIPS else run_dense(job, model)


def opened_embedder(run: RunContext, spec: ModelSpec, wanted: str) -> LiveEmbedder:
    """Return the embedder, and say where it runs if not where it was wanted. Raises as `LoadedModels.get`."""
    model = LiveEmbedder(run.loaded, spec.id, wanted)
    if model.notice:
        run.notify(model.notice)
    return model


def opened_source(
    source: Source, model: LiveEmbedder, asked: EmbedParameters, spec: ModelSpec, notify: Callable[[str], None]
) -> Reader:
    """Return the source as the model sees it, and say which bands it lacks, or which were taken unasked.

    Raises:
        BadInput: as the readers; PARAMETER_INVALID for bands' names and a gain where the model sees colours.
    """
    if not model.bands:
        if asked.band_names or asked.gain or asked.offset:
            detail = f"{spec.title} sees red, green and blue as they are shown: leave bands, gain and offset out."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return shown_source(source, notify)
    scaling = Scaling(asked.gain or None, asked.offset)
    reader = BandReader(source, Path(source.path), model.bands, asked.band_names, scaling)
    if reader.missing:
        notify(f"{reader.name} lacks the bands {', '.join(reader.missing)}; the model takes their means for them.")
    return reader


@contextmanager
def _state(
    request: JobRequest,
    asked: EmbedParameters,
    model: LiveEmbedder,
    reader: Reader,
    record: Mapping[str, Any],
    run: RunContext,
) -> Iterator[bytes | None]:
    """Open what a model learns from the source, or learnt from another: kept until the block succeeds."""
    if FITTED in request.others:
        yield _given(Path(request.others[FITTED].path), model.unfitted)
        return
    if not model.unfitted:
        yield None
        return
    parameters = {**asked.of_model, "block": asked.block if asked.kind == DENSE else asked.size}
    told = repr((reader.fingerprint, sorted(parameters.items()), sorted(record.items())))
    with Unfinished(run.runs).open(hashlib.sha256(told.encode()).hexdigest()[:32]) as folder:
        path = folder / FITTED
        if not path.exists():
            windows = sample(reader, model.input_size, model.sampled, run.progress)
            write_bytes(path, model.fit(windows, parameters))
        yield path.read_bytes()


def _given(path: Path, unfitted: bool) -> bytes:
    if not unfitted:
        raise BadInput(codes.PARAMETER_INVALID, f"The model learns nothing from pictures; leave {path.name!r} out.")
    if not path.is_file():
        raise BadInput(codes.SOURCE_MISSING, f"There is no file {path.name!r} of what a model learnt.")
    return path.read_bytes()


def _run(workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    run = context_of(workshop, folder, step)
    return run_embed(request, job_places(folder, request), run)


def _check(request: JobRequest, of_model: Sequence[Parameter]) -> None:
    unknown = sorted(set(request.others) - {FITTED})
    if unknown:
        raise BadInput(codes.PARAMETER_INVALID, f"The embed task knows nothing of {unknown[0]!r:.60}; leave it out.")
    EmbedParameters.parse(request.parameters, of_model)


EMBED = Handler(Task("embed", "Embed", DEFAULT_MODEL["embed"], EMBED_PARAMETERS), _check, _run)
