"""Weights drawn in the order of their names, so that networks of the same layout get the same."""

import numpy as np
import torch


def drawn(state, seed=0):
    """Return tensors like those of `state` under the same names, of a size that keeps values near one."""
    random = np.random.default_rng(seed)
    found = {}
    for name, values in sorted(state.items()):
        spread = values[0].numel() ** -0.5 if values.ndim > 1 else 0.2
        centre = 1.0 if values.ndim == 1 and name.endswith("weight") else 0.0
        noise = random.standard_normal(tuple(values.shape), np.float32)
        found[name] = torch.from_numpy(np.asarray(centre + spread * noise, np.float32))
    return found
