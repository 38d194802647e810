"""A classifier as a value and as a small file of JSON that anyone can read."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes
from backend.tasks.vectors.identity import Identity

Floats = NDArray[np.float32]
FORMAT, VERSION = "toposcope-classifier", 1
LARGEST = 1e30
"""No number of a plane is larger."""


@dataclass(frozen=True)
class Classifier:
    """Planes between classes in the space of one model's vectors.

    Attributes:
        identity: whose vectors.
        names, colours: of the classes; colours are `#rrggbb`.
        examples: vectors each class was learnt from.
        weights, intercepts: (classes, width) and (classes,): logits are `vectors @ weights.T + intercepts`.
        strength: inverse of the penalty.
        accuracy: cross-validated, 0 to 1; None where there were too few examples to tell.
        created: UTC in ISO 8601.
    """

    identity: Identity
    names: tuple[str, ...]
    colours: tuple[str, ...]
    examples: tuple[int, ...]
    weights: Floats
    intercepts: Floats
    strength: float
    accuracy: float | None
    created: str

    def text(self) -> str:
        """Return the file's text."""
        classes = [
            {"name": name, "colour": colour, "examples": count}
            for name, colour, count in zip(self.names, self.colours, self.examples, strict=True)
        ]
        content = {
            "format": FORMAT,
            "version": VERSION,
            "vectors": {"model": self.identity.model, "weights": self.identity.weights, "width": self.identity.width},
            "classes": classes,
            "intercepts": [float(f"{value:.9g}") for value in self.intercepts],
            "weights": [[float(f"{value:.9g}") for value in row] for row in self.weights],
            "strength": self.strength,
            "accuracy": self.accuracy,
            "created": self.created,
        }
        return json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"


def parse_classifier(text: str, name: str) -> Classifier:
    """Return the classifier that `text` of the file called `name` is. Raises SOURCE_UNREADABLE."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(name, "it is no JSON, or cut off") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _refused(name, "it is another kind of file")
    if content.get("version") != VERSION:
        raise _refused(name, f"it is of version {content.get('version')!r:.20}, and this Toposcope knows {VERSION}")
    try:
        return _checked(content)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _refused(name, "it is damaged") from error


def _checked(content: dict[str, Any]) -> Classifier:
    """Return the content as a classifier; raises ValueError or its like for anything that none of ours has."""
    about, classes = content["vectors"], content["classes"]
    identity = Identity(_text(about["model"]), _text(about["weights"]), int(about["width"]))
    names = tuple(_text(one["name"]) for one in classes)
    colours = tuple(_colour(one["colour"]) for one in classes)
    weights, intercepts = np.array(content["weights"], np.float64), np.array(content["intercepts"], np.float64)
    accuracy, strength = content["accuracy"], float(content["strength"])
    sound = math.isfinite(strength)
    sound &= weights.shape == (len(names), identity.width) and intercepts.shape == (len(names),)
    sound &= bool((np.abs(weights) < LARGEST).all() and (np.abs(intercepts) < LARGEST).all())
    sound &= 2 <= len(set(names)) == len(names) <= 250 and (accuracy is None or 0 <= float(accuracy) <= 1)
    if not sound:
        raise ValueError("its parts do not fit together")
    examples = tuple(int(one["examples"]) for one in classes)
    return Classifier(
        identity,
        names,
        colours,
        examples,
        weights.astype(np.float32),
        intercepts.astype(np.float32),
        strength,
        accuracy,
        _text(content["created"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value


def _colour(value: Any) -> str:
    text = _text(value)
    if len(text) != 7 or text[0] != "#" or len(bytes.fromhex(text[1:])) != 3:
        raise ValueError("a colour is expected")
    return text


def _refused(name: str, why: str) -> BadInput:
    detail = f"{name!r} is no classifier that can be used: {why}; save it again."
    return BadInput(codes.SOURCE_UNREADABLE, detail)
