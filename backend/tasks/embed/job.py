"""An embedding job: what dense vectors and chips have in common."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.geo.atomic import Batch
from backend.geo.bands import BandReader
from backend.models.spec import ModelSpec
from backend.protocol import VERSION, codes
from backend.protocol.jobs import JobRequest, Partial
from backend.tasks.ground.area import Area
from backend.tasks.record import utc_now, write_record
from backend.tasks.stopped import Keep, begun_at
from backend.tasks.vectors.about import About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.stretched import stretch_text

from .parameters import EmbedParameters
from .pixels import Reader
from .places import Places
from .stages import Stages

FORMAT = 1


@dataclass(frozen=True)
class Embedding:
    """One job: what is asked, of what, by what, and whom to tell.

    Attributes:
        model_record: what `record.model_record` says of the model.
        batch: how many tiles a model that takes several gets at once.
        state: what the model learnt from the source, kept beside the result.
        progress: takes percent and a sentence; may raise `Cancelled`.
        notify: is told what a person should know.
    """

    request: JobRequest
    parameters: EmbedParameters
    reader: Reader
    spec: ModelSpec
    model_record: Mapping[str, Any]
    places: Places
    keep: Keep
    progress: Callable[[float, str], None]
    show: Callable[[Partial], None] = lambda _: None
    batch: int = 1
    state: bytes | None = None
    notify: Callable[[str], None] = lambda _: None
    stages: Stages = field(default_factory=Stages)

    @contextmanager
    def working(self, area: Area, *key: object) -> Iterator[tuple[Folder, Batch]]:
        """Hold the folder that a stopped run of this job left, if any, and write the results at the end of the block.

        `key` is what makes the pieces differ beside source, model, version and area.
        """
        shape = area.polygon.wkb_hex if area.polygon else ""
        record = {name: self.model_record[name] for name in sorted(self.model_record)}
        told = [FORMAT, VERSION, repr(self.reader.fingerprint), str(self.reader.origin), record]
        told += [repr(area.window), shape, *map(repr, key)]
        named = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
        with self.keep(named) as path, Batch() as batch:
            yield Folder(path, begun_at(path, utc_now())), batch

    def identity(self, width: int) -> Identity:
        """Return what the vectors are."""
        return Identity(self.spec.id, " ".join(self.model_record.get("sha256", {}).values()), width)

    def about(self, folder: Folder, parameters: Mapping[str, Any], **more: Any) -> About:
        """Return what is said of the vectors."""
        found = About("embed", folder.begun, self.spec.title, self.spec.licence, self.spec.paper)
        source = Path(self.reader.source.path)
        seen = "" if isinstance(self.reader, BandReader) else stretch_text(self.reader.stretch)
        return replace(found, source=source, taken=self.reader.taken, parameters=parameters, stretch=seen, **more)

    def record(self, batch: Batch, folder: Folder, clock: float, more: Mapping[str, Any]) -> list[Path]:
        """Add the run record, and return all files, the record last; `clock` is when the run began."""
        if self.state is not None:
            batch.add(self.places.state, self.state)
        timings = {"total": time.perf_counter() - clock, **self.stages.seconds}
        about = self.request, self.model_record, self.reader, timings, dict(batch.sha256), folder.begun
        write_record(self.places.record, *about, batch.add, more)
        return list(batch.sha256)


@dataclass(frozen=True)
class Folder:
    """Where a job's pieces lie until it is done; `begun` is when work on them was, ISO 8601."""

    path: Path
    begun: str

    def say_data(self) -> None:
        """Remember that there is data."""
        (self.path / "data").touch()

    def check_data(self, name: str) -> None:
        """Raise NO_VALID_PIXELS where no piece had data."""
        if not (self.path / "data").exists():
            raise BadInput(codes.NO_VALID_PIXELS, f"{name!r} has no data in the area; choose another place.")
