"""Where a grounding job's files go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.geo.atomic import check_target
from backend.protocol.ground import CLASSMAP, INSTANCES
from backend.protocol.jobs import JobRequest
from backend.tasks.beside import check_own_name

GPKG, TIF, CSV, JSON = ".gpkg", ".tif", ".csv", ".json"


@dataclass(frozen=True)
class Places:
    """A path for each file that is wanted; the record always is."""

    record: Path
    instances: Path | None = None
    classes: Path | None = None
    scores: Path | None = None
    best: Path | None = None
    shares: Path | None = None
    answer: Path | None = None

    def check(self) -> None:
        """Raise BadInput (OUTPUT_UNWRITABLE) where one of them cannot be written."""
        for path, suffix in (
            (self.record, JSON), (self.instances, GPKG), (self.classes, TIF), (self.scores, TIF), (self.best, TIF),
            (self.shares, CSV), (self.answer, JSON),
        ):  # fmt: skip
            if path is not None:
                check_target(path, suffix)
        check_own_name((self.instances,))


def job_places(folder: Path, request: JobRequest) -> Places:
    """Return the places of a job: in its folder, or beside the GeoPackage its output names."""
    target = Path(request.output.path) if request.output.path else None
    answer = request.parameters.get("answer")
    if target is not None:
        check_target(target, GPKG)

    def place(name: str) -> Path:
        return folder / name if target is None else target.with_name(f"{target.stem}.{name}")

    return Places(
        record=place("run.json"),
        instances=None if answer == CLASSMAP else target or place("instances.gpkg"),
        classes=None if answer == INSTANCES else place("classes.tif"),
        scores=place("scores.tif"),
        best=place("best.tif"),
        shares=place("shares.csv"),
        answer=place("answer.json"),
    )
