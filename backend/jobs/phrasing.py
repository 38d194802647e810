"""Phrases to likeness, by the model that made the vectors."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.models import tiers, weights
from backend.models.loaded import LoadedModels
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.tasks.ground.phrases import check_length
from backend.tasks.search.by_phrase import ByPhrase
from backend.tasks.vectors.identity import Identity

Floats = NDArray[np.float32]
REMEMBERED = 64


class Phrasing:
    """Looks models up at each use; remembers the vectors of a few phrases."""

    def __init__(self, loaded: LoadedModels, models: Path) -> None:
        self._loaded = loaded
        self._models = models
        self._known: OrderedDict[tuple[Identity, str], Floats] = OrderedDict()

    def refusal(self, identity: Identity, name: str) -> str:
        """Return why no phrase can be asked of these vectors, in one sentence; empty where one can."""
        spec = self._loaded.registry.specs.get(identity.model)
        able = ", ".join(one.id for one in self._loaded.registry if one.reads_phrases and _ready(one, self._models))
        if spec is None or not spec.reads_phrases:
            if identity.model:
                return (
                    f"{name!r} was made by {identity.model}, which reads no phrases; "
                    f"embed with one that does ({able}), or show examples."
                )
            return f"{name!r} does not say what made it, so no phrase can be compared with it; show examples."
        if not _ready(spec, self._models):
            return f"{spec.title} made {name!r} and would read phrases; install it first."
        return ""

    def likeness(self, phrase: str, identity: Identity, name: str, device: str = "auto") -> ByPhrase:
        """Return what tells how well a phrase names the places of vectors.

        Raises:
            BadInput: PROMPT_INVALID for an empty or long phrase, PARAMETER_INVALID for vectors that none compares with.
            Unavailable: as `LoadedModels.get`.
        """
        if not phrase.strip():
            raise BadInput(codes.PROMPT_INVALID, "Nothing is asked: click on a place, draw an area or give a phrase.")
        check_length(phrase.strip())
        refusal = self.refusal(identity, name)
        if refusal:
            raise BadInput(codes.PARAMETER_INVALID, refusal)
        model: Any = self._loaded.get(identity.model, device)
        key = identity, phrase.strip()
        if key not in self._known:
            self._known[key] = model.phrases([key[1]])
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        vectors = self._known[key]
        if vectors.shape[1] != identity.width:
            detail = (
                f"{name!r} has vectors of {identity.width} numbers, and {identity.model} compares phrases with its "
                f"dense ones of {vectors.shape[1]}; embed dense vectors, or show examples."
            )
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return ByPhrase(lambda dense: np.asarray(model.scores(dense, vectors), np.float32))


def _ready(spec: ModelSpec, models: Path) -> bool:
    there = not weights.needed(spec) or weights.installed(spec, models) is not None
    return there and not tiers.why_unavailable(spec.tier)
