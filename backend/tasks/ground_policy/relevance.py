"""How much each place of a coarse view has to do with the phrases: what prompt-guided cropping looks at.

Values are absolute, the same for a place in whatever tile it is seen. For transformer models the map comes from
`backend/models/attention_relevance.py` instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def from_logits(logits: Floats, others: Floats | None = None) -> Floats:
    """Return (h, w) from 0 to 1: how likely the best of the phrases names a place, for logits (n, h, w); NaN stays.

    With `others` (m, h, w), logits of what else is commonly there, a place they name as well is shared with them.
    """
    rivals = np.zeros((1, *logits.shape[1:])) if others is None else np.concatenate([others, others[:1] * 0])
    best = logits.max(0)
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(rivals - best).sum(0)), np.float32)


def from_features(dense: Floats, phrases: Floats) -> Floats:
    """Return (h, w) from 0 to 1: the largest cosine, not below 0, of features (c, h, w) with vectors (n, c)."""
    lengths = np.linalg.norm(dense, axis=0) * np.linalg.norm(phrases, axis=1)[:, None, None]
    cosines = np.tensordot(phrases, dense, axes=1) / np.maximum(lengths, 1e-12)
    return np.asarray(np.maximum(cosines, 0).max(0), np.float32)
