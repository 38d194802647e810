"""Where the files of a search for change go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from backend.geo.atomic import check_replaces_none, check_target
from backend.protocol.jobs import JobRequest
from backend.tasks.beside import check_own_name

GPKG, TIF, CSV, JSON = ".gpkg", ".tif", ".csv", ".json"


@dataclass(frozen=True)
class Places:
    """The raster, and the polygons where they are wanted; table and record lie beside the raster under its name."""

    out: Path
    polygons: Path | None = None

    @property
    def table(self) -> Path:
        """Return where the table of areas goes."""
        return self.out.with_suffix(CSV)

    @property
    def record(self) -> Path:
        """Return where the run record goes."""
        return self.out.with_suffix(".run.json")

    def check(self, sources: Iterable[Path]) -> None:
        """Raise BadInput (OUTPUT_UNWRITABLE) where one cannot be written, or would replace what is another's."""
        check_target(self.out, TIF)
        if self.polygons is not None:
            check_target(self.polygons, GPKG)
        check_replaces_none((self.out, self.polygons, self.table, self.record), sources)
        check_own_name((self.out, self.polygons), "detect-change")


def job_places(folder: Path, request: JobRequest) -> Places:
    """Return the places of a job: in its folder, or where its output says and beside it."""
    out = Path(request.output.path) if request.output.path else folder / f"change{TIF}"
    return Places(out, out.with_suffix(GPKG))
