"""Values that a request gives for parameters, checked against their specs."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.capabilities import Parameter


def given(values: Mapping[str, Any], specs: Iterable[Parameter], texts: Iterable[str] = ()) -> dict[str, Any]:
    """Return what `values` has of the parameters of `specs` and of the free `texts`, checked.

    Raises:
        BadInput: PARAMETER_INVALID, saying which is wrong and what it may be, or that there is none of that name.
    """
    known, texts = {spec.name: spec for spec in specs}, tuple(texts)
    unknown = sorted(set(values) - {*known, *texts})
    if unknown:
        names = ", ".join((*known, *texts)) or "none"
        raise BadInput(codes.PARAMETER_INVALID, f"{unknown[0]!r:.80} is no parameter here; there are {names}.")
    found = {name: values[name] for name in texts if name in values}
    for name, text in found.items():
        if not isinstance(text, str):
            raise BadInput(codes.PARAMETER_INVALID, f"{name} is {text!r:.60}; it must be text.")
    return found | {name: checked_value(spec, values[name]) for name, spec in known.items() if name in values}


def given_with_model(
    values: Mapping[str, Any], specs: Iterable[Parameter], of_model: Iterable[Parameter], texts: Iterable[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what `values` has of a task's own parameters, and of its model's. Raises as `given`."""
    its = {spec.name: spec for spec in of_model}
    found = given(values, (*specs, *its.values()), texts)
    return {name: value for name, value in found.items() if name not in its}, {
        name: value for name, value in found.items() if name in its
    }


def checked_value(spec: Parameter, value: Any) -> Any:
    """Return `value` as the parameter `spec` wants it. Raises PARAMETER_INVALID, saying what it may be."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    if spec.kind == "choice":
        good, wanted = value in spec.choices, f"one of {', '.join(spec.choices)}"
    elif spec.kind == "boolean":
        good, wanted = isinstance(value, bool), "true or false"
    else:
        whole = spec.kind == "integer"
        good = number and (spec.minimum or 0) <= value <= (spec.maximum or math.inf)
        good = good and (isinstance(value, int) or not whole)
        kind = "a whole number" if whole else "a number"
        wanted = f"{kind} from {_plain(spec.minimum)} to {_plain(spec.maximum)} {spec.unit}".rstrip()
    if not good:
        raise BadInput(codes.PARAMETER_INVALID, f"{spec.name} is {value!r:.60}; it must be {wanted}.")
    return float(value) if spec.kind == "number" else value


def _plain(limit: float | None) -> str:
    """Return a limit as people write it: no powers of ten for those that can be read."""
    return str(int(limit)) if limit is not None and limit == int(limit) and abs(limit) < 1e10 else f"{limit:g}"
