"""A loop over epochs that goes on where it was stopped, and ends as one that was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import torch

from backend.geo.atomic import Batch


class Stateful(Protocol):
    """A network, an optimiser or a schedule."""

    def state_dict(self) -> Any:
        """Return what is to be kept."""

    def load_state_dict(self, state: Any, /) -> Any:
        """Take it up again."""


def epochs(count: int, kept: Path | None, parts: Mapping[str, Stateful], every: int = 1) -> Iterator[int]:
    """Yield the numbers of the epochs that are left.

    After each, or each `every`th, the `parts` and torch's draws are written to `kept`.
    """
    done = _restored(kept, parts) if kept and kept.exists() else 0
    for epoch in range(done, count):
        yield epoch
        if kept and (epoch + 1) % every == 0:
            state = {name: part.state_dict() for name, part in parts.items()}
            _write(kept, {"done": epoch + 1, "draws": torch.get_rng_state(), **state})


def _restored(kept: Path, parts: Mapping[str, Stateful]) -> int:
    found = torch.load(kept, map_location="cpu", weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(found[name])
    torch.set_rng_state(found["draws"])
    return int(found["done"])


def _write(kept: Path, state: dict[str, Any]) -> None:
    with Batch() as files:
        files.write(kept, lambda part: torch.save(state, part))
