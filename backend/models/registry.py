"""The registry of models: a frozen value. Registering returns a new one; tests make their own."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from backend.errors import BadInput
from backend.protocol import codes

from .spec import ModelSpec

NEAR, ALIKE = 3, 0.65
"""Models that are named in place of one that is not there, and how alike their ids must be, 0 to 1."""


@dataclass(frozen=True)
class Registry:
    """Specs by id, in the order they were registered."""

    specs: Mapping[str, ModelSpec] = field(default_factory=lambda: MappingProxyType({}))

    def register(self, *specs: ModelSpec) -> Registry:
        """Return a registry that also holds `specs`.

        Raises:
            ValueError: an id is taken.
        """
        merged = dict(self.specs)
        for spec in specs:
            if spec.id in merged:
                raise ValueError(f"The model id {spec.id!r} is registered already.")
            merged[spec.id] = spec
        return Registry(MappingProxyType(merged))

    def get(self, model_id: str) -> ModelSpec:
        """Return the spec of `model_id`.

        Raises:
            BadInput: there is no such model; the sentence names near matches.
        """
        if model_id in self.specs:
            return self.specs[model_id]
        begun = [one for one in self.specs if model_id and one.startswith(model_id)][:NEAR]
        near = begun or difflib.get_close_matches(model_id, self.specs, n=NEAR, cutoff=ALIKE)
        hint = f"did you mean {' or '.join(near)}?" if near else "`models list` shows those there are."
        raise BadInput(codes.MODEL_UNKNOWN, f"There is no model {model_id!r}; {hint}", 404)

    def for_task(self, task: str) -> tuple[ModelSpec, ...]:
        """Return the models that can do `task`."""
        return tuple(spec for spec in self if task in spec.tasks)

    def __iter__(self) -> Iterator[ModelSpec]:
        return iter(self.specs.values())

    def __len__(self) -> int:
        return len(self.specs)
