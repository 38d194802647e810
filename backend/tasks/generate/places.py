"""Where a generate job's files go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.errors import BadInput
from backend.geo.atomic import check_folder, check_replaces_none, check_target
from backend.geo.map_tiles import METADATA
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.tasks.beside import check_own_name

from .parameters import MBTILES, NONE, XYZ

NAME = "generated.tif"


@dataclass(frozen=True)
class Places:
    """The last level's file; what belongs to it lies beside it under the same name."""

    out: Path

    @property
    def record(self) -> Path:
        """Return where the run record goes."""
        return self.out.with_suffix(".run.json")

    @property
    def item(self) -> Path:
        """Return where the STAC item goes."""
        return self.out.with_suffix(".item.json")

    def level(self, scale: int) -> Path:
        """Return where the level of that scale goes that another follows."""
        return self.out.with_name(f"{self.out.stem}_x{scale}.tif")

    def tiles(self, kind: str) -> Path:
        """Return the file or folder of map tiles."""
        return self.out.with_suffix(".mbtiles") if kind == MBTILES else self.out.with_name(f"{self.out.stem}_tiles")

    def check(self, before: Sequence[int], tiles: str, source: Path) -> None:
        """Raise OUTPUT_UNWRITABLE where the levels, also those at the scales `before`, would replace what is another's.

        The same files are replaced where the same run is made again.
        """
        levels = [self.level(scale) for scale in before]
        check_target(self.out, ".tif")
        outputs = [*levels, self.out, self.record, self.item, *([self.tiles(tiles)] if tiles != NONE else [])]
        check_replaces_none(outputs, (source,))
        check_own_name((self.out,), "generate")
        for level in levels:
            if level.with_suffix(".run.json").exists():
                detail = f"{level.name!r:.80} is another run's result; give this one another name."
                raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
        if tiles == XYZ:
            check_folder(self.tiles(tiles), METADATA)


def job_places(folder: Path, request: JobRequest) -> Places:
    """Return the places of a job: in its folder, or where its output says."""
    return Places(Path(request.output.path) if request.output.path else folder / NAME)
