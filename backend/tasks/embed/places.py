"""Where an embedding job's files go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.geo.atomic import check_replaces_none, check_target
from backend.protocol.jobs import JobRequest
from backend.tasks.beside import check_own_name

from .parameters import CHIPS

TIF, PARQUET = ".tif", ".parquet"


@dataclass(frozen=True)
class Places:
    """The file of vectors; what belongs to it lies beside it under the same name."""

    out: Path

    @property
    def record(self) -> Path:
        """Return where the run record goes."""
        return self.out.with_suffix(".run.json")

    @property
    def state(self) -> Path:
        """Return where goes what a model learnt from the source, for other sources to be embedded alike."""
        return self.out.with_suffix(".fitted")

    def check(self, kind: str, source: Path) -> None:
        """Raise OUTPUT_UNWRITABLE where vectors of `kind` cannot be written, or would replace what is another's."""
        check_target(self.out, PARQUET if kind == CHIPS else TIF)
        check_replaces_none((self.out, self.record), (source,))
        check_own_name((self.out,))


def job_places(folder: Path, request: JobRequest) -> Places:
    """Return the places of a job: in its folder, or where its output says."""
    if request.output.path:
        return Places(Path(request.output.path))
    chips = request.parameters.get("kind") == CHIPS
    return Places(folder / (f"chips{PARQUET}" if chips else f"embeddings{TIF}"))
