"""The cluster job, as the engine serves it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backend.jobs.handler import Handler, Workshop
from backend.jobs.step import Step
from backend.protocol.capabilities import Task
from backend.protocol.jobs import JobRequest
from backend.tasks.cluster.job import Places, run_cluster
from backend.tasks.cluster.parameters import CLUSTER_PARAMETERS, NONE, ClusterParameters


def _run(_workshop: Workshop, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
    assert request.source is not None  # nosec B101 # the engine saw to it
    source, parameters = Path(request.source.path), ClusterParameters.parse(request.parameters)
    files: list[Path] = run_cluster(source, parameters, _places(source, parameters, request, folder), step)["files"]
    return files


def _places(source: Path, parameters: ClusterParameters, request: JobRequest, folder: Path) -> Places:
    """Return the places in the job's folder, or beside the file its output names."""
    target = Path(request.output.path) if request.output.path else None

    def place(name: str) -> Path:
        return folder / name if target is None else target.with_name(f"{target.stem}.{name}")

    groups = target or place("clusters.gpkg" if source.suffix.lower() == ".parquet" else "clusters.tif")
    return Places(groups, place("run.json"), None if parameters.colours == NONE else place("colours.tif"))


CLUSTER = Handler(
    Task("cluster", "Group what is alike", "", CLUSTER_PARAMETERS),
    lambda request, _: ClusterParameters.parse(request.parameters),
    _run,
    needs_model=False,
)
