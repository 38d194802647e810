"""How much each place of a coarse view has to do with the phrases: what prompt-guided cropping looks at.

Values are absolute, the same for a place in whatever view it is seen. Models that compare features with vectors of
text answer by their logits; transformers by their attention (`backend/models/attention_relevance.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def from_logits(logits: Floats) -> Floats:
    """Return (h, w) from 0 to 1: how likely the best of the phrases names a place, for logits (n, h, w); NaN stays."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-logits.max(0))), np.float32)
