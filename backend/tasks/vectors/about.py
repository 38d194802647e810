"""What is said of embeddings beside their numbers: in tags, in the STAC item, in a table's footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

PIXEL, CHIP = "pixel", "chip"


@dataclass(frozen=True)
class About:
    """Where vectors come from.

    Attributes:
        task: `embed`, `locate`.
        made: when, ISO 8601 (`tasks.record.utc_now`).
        title: the model's.
        licence: of the weights.
        paper: of the model.
        source: the file that was embedded, if any; its name is said, and a link given where it lies beside the result.
        taken: when what it shows was seen, ISO 8601; empty where unknown.
        kind: a vector a `pixel` (a cell of a grid, a point), or a `chip`.
        parameters: what the model was run with; values as JSON has them, never a path. Of chips `size` and `stride`.
        stretch: how the source was brought to 8 bit (`stretched.stretch_text`); empty where it was not.
        record: name of the run record beside the vectors; None is `OUT.run.json`, empty that there is none.
        dtype: of a grid's vectors as they are stored: `int8` (`geo.unit_bytes`) or `float32`.
    """

    task: str
    made: str
    title: str = ""
    licence: str = ""
    paper: str = ""
    source: Path | None = None
    taken: str = ""
    kind: str = PIXEL
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    dtype: str = "int8"
    stretch: str = ""
    record: str | None = None
