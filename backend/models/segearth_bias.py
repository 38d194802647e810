"""Global bias: what all places of a view have in common is taken out of their features. NumPy only.

SegEarth-OV (arXiv:2410.01768) subtracts CLIP's class token. A model without one has the mean direction of the view's
features instead; it is found once for a view, never for each crop, which would leave seams.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SHARE = -0.3


def common_direction(dense: Floats) -> Floats:
    """Return (channels,): the mean of features (channels, h, w) as long as they are; NaN marks places without data.

    Take the features of a whole view, if need be of a coarser copy of it.
    """
    vectors = dense[:, ~np.isnan(dense[0])]
    mean = vectors.mean(1)
    length = np.linalg.norm(vectors, axis=0).mean()
    return np.asarray(mean * length / max(float(np.linalg.norm(mean)), 1e-6), np.float32)


def without_bias(dense: Floats, common: Floats, share: float = SHARE) -> Floats:
    """Return features (channels, h, w) with `share` of what they have in common added: a negative share takes it out.

    For logits linear in the features this adds `share` of the common direction's logits, as the paper does.
    """
    return np.asarray(dense + share * common[:, None, None], np.float32)
