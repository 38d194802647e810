"""What a few-shot run is asked: which vectors, what shows the classes, where the answer goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.errors import BadInput
from backend.geo.atomic import check_target
from backend.protocol import codes
from backend.protocol.prompts import Prompts
from backend.tasks.table_classes import check_map

COLUMN = "class"


@dataclass(frozen=True)
class Question:
    """Files are absolute paths; exactly one of `examples`, `prompts` and `classifier` is given.

    Attributes:
        vectors: a raster of vectors or Parquet.
        examples: a vector layer, or a table of names where the vectors are a table.
        column: of `examples`, which holds the class.
        layer: of `examples`, where it has several.
        prompts: points and boxes; the id of each is its class.
        classifier: a file that an earlier run saved.
        area: the part of a raster that is mapped, as the ground task takes it; empty: all of it.
    """

    vectors: Path
    examples: Path | None = None
    column: str = COLUMN
    layer: str = ""
    prompts: tuple[Prompts, ...] = ()
    classifier: Path | None = None
    area: str = ""

    def check(self) -> None:
        """Raise PARAMETER_INVALID unless the classes come from one place."""
        given = [bool(self.examples), bool(self.prompts), bool(self.classifier)]
        if sum(given) != 1:
            detail = "Give either examples (a layer, or prompts) or a saved classifier, one of them."
            raise BadInput(codes.PARAMETER_INVALID, detail)


@dataclass(frozen=True)
class Places:
    """Where the files of a run go: the map of a raster is `.tif`, a classified table `.gpkg` or `.parquet`."""

    classes: Path
    record: Path
    confidence: Path | None = None
    saved: Path | None = None

    def check(self, table: bool) -> None:
        """Raise OUTPUT_UNWRITABLE or PARAMETER_INVALID where one of them cannot be."""
        if table and self.confidence:
            detail = "The confidence of a table is a column of it; leave out the raster of confidence."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        check_map(self.classes, table)
        check_target(self.record, ".json")
        if self.confidence:
            check_target(self.confidence, ".tif")
        if self.saved:
            check_target(self.saved, ".json")
