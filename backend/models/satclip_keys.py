"""Names in SatCLIP's checkpoints, and the names they have here.

A checkpoint holds the location encoder twice, as `model.nnet.*` and as `model.location.nnet.*`; files made of it by
others hold it once, under either name or as `nnet.*`. The image tower is `model.visual.*`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

NETWORK, TOWER = "nnet.", "visual."
LAST = "last_layer"


def layer(index: int) -> str:
    """Return the name of a hidden layer of the location encoder."""
    return f"layers.{index}"


def location_tensors(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the location encoder's tensors: weight and bias of `layers.0`, `layers.1`, ... and `last_layer`.

    Raises:
        ValueError: there are none, or copies of one tensor that differ.
    """
    found: dict[str, Any] = {}
    for name, values in state.items():
        at = name.find(NETWORK)
        if at < 0 or (at > 0 and name[at - 1] != "."):
            continue
        short = name[at + len(NETWORK) :]
        if short in found and not np.array_equal(np.asarray(found[short]), np.asarray(values)):
            raise ValueError(f"it holds two location encoders that differ in {short}")
        found[short] = values
    if not found:
        raise ValueError("it holds no location encoder")
    return found


def tower_tensors(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the image tower's tensors under timm's names; empty where there is none."""
    found = {}
    for name, values in state.items():
        at = name.find(TOWER)
        if at == 0 or (at > 0 and name[at - 1] == "."):
            found[name[at + len(TOWER) :]] = values
    return found
