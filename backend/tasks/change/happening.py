"""What happens at one place: labels at several times, as the request says and chance has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.models import oem
from backend.protocol import codes

from .classes import Classes
from .events import Change, remove_instances
from .parameters import INSTANCES, SWAP, ChangeParameters
from .parts import Labels
from .sequence import Events, sequence

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Moment:
    """A time and what happened before it; of the first nothing has.

    Attributes:
        labels: (rows, columns) as they are written.
        seen: the same in classes of `oem.NAMES`, 255 no data.
        around: (rows, columns) what did not change and is painted with what did; None: nothing.
    """

    labels: Labels
    seen: Bytes
    changes: tuple[Change, ...] = ()
    around: NDArray[np.bool_] | None = None

    def painted(self, earlier: Moment) -> NDArray[np.bool_]:
        """Return what is painted (rows, columns) after the time before it."""
        changed = np.asarray(earlier.labels != self.labels)
        return changed if self.around is None else changed | self.around


@dataclass(frozen=True)
class Happening:
    """What is asked for, in numbers of classes."""

    classes: Classes
    times: int
    share: float
    events: Events | None
    """None where objects are numbered."""

    def moments(self, labels: Labels, seed: int) -> list[Moment]:
        """Return the times from `labels` on; the same seed gives the same."""
        if self.events is None:
            return self._numbered(labels, seed)
        found = [Moment(labels, self.classes.seen(labels))]
        for event in sequence(labels, self.events, self.times, seed):
            found.append(Moment(event.labels, self.classes.seen(event.labels), event.changes))
        return found

    def _numbered(self, numbers: Labels, seed: int) -> list[Moment]:
        """Take objects away; what they are called may be any number."""
        chance = np.random.default_rng(seed)
        names, small = np.unique(np.append(numbers, 0), return_inverse=True)
        here: Labels = small[:-1].reshape(numbers.shape)
        found = [Moment(numbers, self._objects(numbers))]
        for _ in range(self.times - 1):
            event = remove_instances(here, chance, self.share)
            here = event.labels
            labels: Labels = np.asarray(names[here], numbers.dtype)
            told = tuple(replace(one, before=int(names[one.before])) for one in event.changes)
            found.append(Moment(labels, self._objects(labels), told))
        return found

    def _objects(self, numbers: Labels) -> Bytes:
        return self.classes.seen((numbers > 0).astype(np.uint8))


def happening_of(asked: ChangeParameters, classes: Classes, painted: tuple[str, ...]) -> Happening:
    """Return what `asked` means for labels of `classes`, for a painter that knows the classes `painted`.

    Raises:
        BadInput: PARAMETER_INVALID for names that are no classes, and for what this painter cannot paint.
    """
    if asked.event == INSTANCES:
        _check_like(classes, 1, "class", painted)
        return Happening(classes, asked.times, asked.share, None)
    if asked.event == SWAP:
        if not painted:
            raise _wrong("This painter knows buildings only; let buildings come or go, or choose another model.")
        table = classes.transitions(asked)
        if not any(table.allowed.values()):
            detail = "No class of the labels may become another: say what they are like (like), or give a table."
            raise _wrong(detail)
        return Happening(classes, asked.times, asked.share, Events(SWAP, transitions=table, share=asked.share))
    value = classes.number(asked.kind, "class")
    _check_like(classes, value, "class", painted)
    becomes = classes.number(asked.becomes, "becomes") if asked.becomes else None
    if becomes is not None:
        _check_like(classes, becomes, "becomes")
    if becomes == value:
        raise _wrong(f"{asked.kind!r:.60} is said to become itself; name another class, or leave becomes empty.")
    events = Events(asked.event, value, asked.most, asked.least, becomes)
    return Happening(classes, asked.times, asked.share, events)


def told_to(painter: tuple[str, ...], before: Bytes, after: Bytes, changed: NDArray[np.bool_]) -> tuple[Bytes, Bytes]:
    """Return labels before and after as a painter of the classes `painter` knows them: they differ where `changed`.

    It sees no difference between classes that are alike; another class is told before, which painters go away from.
    """
    if not painter:
        before, after = ((one == oem.BUILDING).astype(np.uint8) for one in (before, after))
    alike = changed & (before == after)
    other = np.where(after == 0, len(painter) - 1 if painter else 1, 0)
    return np.where(alike, other, before).astype(np.uint8), after


def unlike(classes: Classes, moments: list[Moment]) -> list[str]:
    """Return the names of classes that come up in changes and are like none that a painter knows."""
    met = {value for moment in moments for one in moment.changes for value in (one.before, one.after)}
    names = [name for value, name in enumerate(classes.names) if value in met]
    return [name for name in names if classes.how[name] == "none"]


def described(changes: tuple[Change, ...], classes: Classes, numbered: bool) -> list[dict[str, Any]]:
    """Return what happened as a record tells it."""
    names: Any = (lambda value: value) if numbered else (lambda value: classes.names[value])
    return [
        {
            "kind": one.kind, "before": names(one.before), "after": names(one.after), "pixels": one.pixels,
            "window": [one.window.col, one.window.row, one.window.width, one.window.height],
        }
        for one in changes
    ]  # fmt: skip


def _check_like(classes: Classes, value: int, what: str, painted: tuple[str, ...] = oem.NAMES) -> None:
    name = classes.names[value]
    if not painted and classes.like[value] != oem.BUILDING:
        raise _wrong(f"This painter knows buildings only, and {what} is {name!r:.60}; choose another model.")
    if classes.how[name] == "none":
        kinds = ", ".join(oem.NAMES[1:])
        raise _wrong(f"{what} is {name!r:.60}; say what it is like, such as like {name}=building. There are {kinds}.")


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, sentence)
