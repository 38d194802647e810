"""What lies around changes and is painted with them: shadow and eaves go with a house, and come with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from backend.models import oem

from .happening import Happening, Moment
from .parameters import SWAP
from .parts import Mask
from .transitions import NO_DATA


def with_margins(moments: Sequence[Moment], happening: Happening, reach: float, valid: Mask) -> list[Moment]:
    """Return the times, each with what is painted around its changes: `reach` pixels far at most, where `valid`.

    Other things of the class that comes or goes stay, and so do all buildings; of a swap, what is of the class that the
    nearest change was.
    """
    return [moments[0], *(_with(one, other, happening, reach, valid) for one, other in pairwise(moments))]


def _with(earlier: Moment, later: Moment, happening: Happening, reach: float, valid: Mask) -> Moment:
    from scipy.ndimage import distance_transform_edt

    changed = earlier.labels != later.labels
    if not reach or not changed.any():
        return later
    distance, nearest = distance_transform_edt(~changed, return_indices=True)
    stays = (earlier.seen == oem.BUILDING) | (earlier.seen == NO_DATA)
    if happening.events is None:
        stays |= earlier.labels > 0
    elif happening.events.mode == SWAP:
        stays |= earlier.labels == earlier.labels[*nearest]
    else:
        stays |= earlier.labels == happening.events.value
    return replace(later, around=np.asarray(~changed & (distance <= reach) & valid & ~stays))
