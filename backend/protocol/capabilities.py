"""What this backend can do: `GET /capabilities`. The plugin builds its pickers and forms from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Tuple


@dataclass(frozen=True)
class Parameter:
    """One thing a person may set. `kind` is `number`, `integer`, `boolean` or `choice`; `unit` is for display.

    A model's parameter of the same name as its task's takes that one's place; a `hidden` one is not shown.
    """

    name: str
    kind: str
    default: Any
    label: str
    minimum: Optional[float] = None
    maximum: Optional[float] = None
    choices: Tuple[str, ...] = ()
    unit: str = ""
    help: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class ModelInfo:
    """A model of the catalogue as the picker shows it. `speed` is `fast`, `medium` or `slow` on a CPU.

    Weights that are not `downloadable` come from a file. `phrases`: its vectors can be compared with phrases.
    """

    id: str
    title: str
    tasks: Tuple[str, ...]
    licence: str
    tier: str
    installed: bool
    ships: bool
    size: int
    speed: str
    paper: str = ""
    revision: str = ""
    gated: bool = False
    hover: bool = True
    summary: str = ""
    parameters: Tuple[Parameter, ...] = ()
    unavailable: str = ""
    downloadable: bool = True
    phrases: bool = False


@dataclass(frozen=True)
class Device:
    """`kind` is `cpu` or `cuda`; `notice` says what was asked for and could not be had."""

    kind: str
    name: str
    memory: int = 0
    free: int = 0
    dtype: str = "float32"
    notice: str = ""


@dataclass(frozen=True)
class Task:
    """A task and the parameters every model of it shares."""

    id: str
    title: str
    default_model: str
    parameters: Tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Capabilities:
    """The answer to `GET /capabilities`. Sizes are bytes."""

    protocol: int
    version: str
    tiers: Tuple[str, ...]
    device: Device
    tasks: Tuple[Task, ...]
    models: Tuple[ModelInfo, ...]
    disk_free: int
    memory_total: int
    memory_free: int
