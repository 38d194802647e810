"""What is known about a model before any of it is loaded: data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from backend.protocol.capabilities import Parameter

CORE, FULL = "core", "full"


@dataclass(frozen=True)
class WeightFile:
    """One file of a model. `sha256` is checked before the file is ever opened.

    An empty `sha256` is not known yet: the hub's, else the file's own, is recorded on installation. `size` (bytes) is
    what is shown before a download; it may be an estimate.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Weights:
    """Where weights come from. `repo` is a hub repository pinned to the commit `revision`, or empty if they ship.

    An empty `revision` means no commit could be pinned yet: such a model is installed from a file or folder, or
    with a revision the user names.
    """

    files: tuple[WeightFile, ...]
    licence: str
    repo: str = ""
    revision: str = ""
    gated: bool = False

    @property
    def size(self) -> int:
        """Return the bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Normalisation:
    """Per channel, on values scaled to 0..1: `(x - mean) / std`."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]


IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@dataclass(frozen=True)
class ModelSpec:
    """A model of the catalogue.

    Attributes:
        loader: `package.module:function`, imported only when the model is first used; called as
            `function(spec, folder, device) -> model` where `folder` holds the verified weights (None if none).
        input_size: side of the square crop the model sees, in pixels.
        speed: `fast`, `medium` or `slow`: an encode on two CPU cores takes under 1 s, under 5 s, longer.
        memory: bytes of RAM or VRAM needed, measured or computed from parameters and activations.
        hover: whether a preview may follow the pointer on a CPU.
        parameters: what may be set beside its tasks' parameters; one of the same name takes that one's place.
        options: constants its loader needs (architecture sizes, prompt kinds).
    """

    id: str
    title: str
    tasks: tuple[str, ...]
    loader: str
    tier: str
    input_size: int
    speed: str
    memory: int
    weights: Weights | None = None
    licence: str = ""
    normalisation: Normalisation = IMAGENET
    hover: bool = True
    parameters: tuple[Parameter, ...] = ()
    paper: str = ""
    summary: str = ""
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def reads_phrases(self) -> bool:
        """Return whether phrases can be compared with the vectors it makes."""
        return "embed" in self.tasks and ("ground" in self.tasks or bool(self.options.get("phrases")))

    @property
    def defaults(self) -> dict[str, Any]:
        """Return what its requests mean where they say nothing of these parameters."""
        return {parameter.name: parameter.default for parameter in self.parameters}
