"""What a search is asked for, and where its answer goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.geo.atomic import check_target
from backend.given import given
from backend.protocol import codes
from backend.protocol.capabilities import Parameter
from backend.protocol.prompts import Prompts

SEARCH_PARAMETERS = (
    Parameter("most", "integer", 100, "Most places", minimum=1, maximum=100_000, help="The best of them are kept."),
    Parameter(
        "distance",
        "number",
        0.0,
        "Distance between places (m)",
        minimum=0,
        maximum=1e7,
        help="Of places that are closer to each other only the best is kept.",
    ),
)
"""What forms show. Beside these a request has `threshold` (a score; left out: as suits what is asked) and `TEXTS`."""
TEXTS = ("phrase", "area", "label", "layer")
LEAST = Parameter("threshold", "number", None, "Score", minimum=-1e9, maximum=1e9)


@dataclass(frozen=True)
class Wanted:
    """What places must be like, and which of them are wanted.

    Attributes:
        phrase: what names them; empty where examples are given.
        threshold: score from which a place counts; None for the likeness's own.
        area: as the ground task takes it; empty for everything.
        label: column of the examples that is 1 for what is wanted and 0 for what is not; empty: all are wanted.
        layer: of the examples, where they have several.
    """

    phrase: str = ""
    threshold: float | None = None
    most: int = 100
    area: str = ""
    distance: float = 0.0
    label: str = ""
    layer: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Wanted:
        """Return what `values` ask for. Raises PARAMETER_INVALID, saying which is wrong and what it may be."""
        told = {name: value for name, value in values.items() if name != LEAST.name or value is not None}
        return cls(**given(told, (*SEARCH_PARAMETERS, LEAST), TEXTS))


@dataclass(frozen=True)
class Question:
    """Files are absolute paths; `vectors` is a raster of vectors or Parquet, `examples` a vector layer or Parquet."""

    vectors: Path
    wanted: Wanted = field(default_factory=Wanted)
    prompts: tuple[Prompts, ...] = ()
    examples: Path | None = None

    def check(self) -> None:
        """Raise PROMPT_INVALID unless there is either a phrase or something shown."""
        shown, phrase = bool(self.prompts or self.examples), bool(self.wanted.phrase.strip())
        if shown and phrase:
            detail = "A phrase and examples cannot be asked for together; search for one, then for the other."
            raise BadInput(codes.PROMPT_INVALID, detail)
        if not (shown or phrase):
            raise BadInput(codes.PROMPT_INVALID, "There is nothing to look for; give a phrase, a point or an example.")


@dataclass(frozen=True)
class Places:
    """Where the files go. Of a table of vectors there is no `similarity`."""

    record: Path
    found: Path | None = None
    similarity: Path | None = None

    def check(self, table: bool) -> None:
        """Raise OUTPUT_UNWRITABLE or PARAMETER_INVALID where one of them cannot be."""
        if table and not self.found:
            detail = "Chips have no raster of similarity; give the answer a name that ends in .gpkg."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        check_target(self.record, ".json")
        for path, suffix in ((self.found, ".gpkg"), (self.similarity, ".tif")):
            if path:
                check_target(path, suffix)
