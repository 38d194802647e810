"""What running a task takes beside its request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.jobs.handler import Workshop
from backend.jobs.step import Step
from backend.models.loaded import LoadedModels
from backend.protocol.jobs import Partial


@dataclass(frozen=True)
class RunContext:
    """Where a task works and whom it tells.

    Attributes:
        models: folder of weights.
        runs: folder where stopped runs leave what they have.
        progress: takes percent and a sentence; may raise `Cancelled`.
    """

    loaded: LoadedModels
    models: Path
    runs: Path
    progress: Callable[[float, str], None]
    show: Callable[[Partial], None] = lambda _: None
    notify: Callable[[str], None] = lambda _: None


def context_of(workshop: Workshop, folder: Path, step: Step) -> RunContext:
    """Return the context of a job whose folder is `folder`."""
    return RunContext(workshop.loaded, workshop.models, folder.parent, step, step.partial, step.notice)
