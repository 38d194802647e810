"""What a place looks like, as one row of numbers: near and far, at the place and around it, and how the sun stands.

The row knows latitude only without its sign, and looks towards the pole of its own hemisphere: places that are alike
have like rows wherever they lie.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.models.location import Doubles

from .location_maps import CHANNELS, COLOURS, COVER, HEIGHT, KM, LAND, LEVELS, ROUGHNESS, TEXTURE, Floats

DIRECTIONS = 8
AROUND = (*range(COLOURS.start, COLOURS.stop), HEIGHT, ROUGHNESS, LAND)
"""Channels that are looked at in each direction, at twice the blur's length."""
HERE = ((COLOURS, 2.0), (HEIGHT, 2.0), (ROUGHNESS, 0.3), (TEXTURE, 0.3), (LAND, 1.0), (COVER, 1.5))
"""What each kind of channel weighs at the place: the sum of its numbers' variances."""
NEARNESS = (1.5, 1.5, 1.0, 0.7, 0.5)
"""What each blur of it weighs."""
ASIDE, SUN, WHOLE = 1.0, 3.0, 9.0
"""What the surroundings weigh for each blur, shared evenly; what the sun weighs; the factor of all weights."""
TILT = np.radians(23.44)
SEASONS = 12


def views(pyramid: list[NDArray[np.float16]], places: Doubles) -> Floats:
    """Return (n, m) of places (n, 2), longitude and latitude in degrees."""
    parts = [_at(maps, places) for maps in pyramid]
    for maps, (sigma, _) in zip(pyramid[1:], LEVELS[1:], strict=True):
        for step in range(DIRECTIONS):
            aside = moved(places, 2 * np.pi * step / DIRECTIONS, 2 * sigma)
            parts.append(_at(maps[list(AROUND)], aside))
    return np.concatenate([*parts, sunshine(places[:, 1])], 1, dtype=np.float32)


def weights(variance: Floats) -> Floats:
    """Return the factor (m,) of each number of a view, from their variances (m,)."""
    shares, start = np.empty_like(variance), 0
    for nearness in NEARNESS:
        for part, weight in HERE:
            first, last = (part.start, part.stop) if isinstance(part, slice) else (part, part + 1)
            where = slice(start + first, start + last)
            shares[where] = weight * nearness / variance[where].sum()
        start += CHANNELS
    colours = COLOURS.stop - COLOURS.start
    kinds = len(AROUND) - colours + 1
    for _ in LEVELS[1:]:
        for index in range(len(AROUND)):
            where = slice(start + index, start + DIRECTIONS * len(AROUND), len(AROUND))
            weight = ASIDE / kinds / (colours if index < colours else 1)
            shares[where] = weight / variance[where].sum()
        start += DIRECTIONS * len(AROUND)
    shares[start:] = SUN / variance[start:].sum()
    return np.asarray(np.sqrt(WHOLE * shares), np.float32)


def moved(places: Doubles, bearing: float, km: float) -> Doubles:
    """Return the places `km` away: at bearing 0 poleward, at pi/2 east."""
    longitude, latitude = np.radians(places).T
    sign = np.where(latitude < 0, -1, 1)
    reach = km / KM * np.pi / 180
    sine = np.sin(sign * latitude) * np.cos(reach) + np.cos(latitude) * np.sin(reach) * np.cos(bearing)
    east = np.sin(bearing) * np.sin(reach) * np.cos(latitude)
    turned = longitude + np.arctan2(east, np.cos(reach) - np.sin(sign * latitude) * sine)
    found = np.stack([np.degrees(turned), np.degrees(sign * np.arcsin(np.clip(sine, -1, 1)))], 1)
    found[:, 0] = (found[:, 0] + 180) % 360 - 180
    return found


def sunshine(latitude: Doubles) -> Floats:
    """Return (n, 10) of degrees: sunshine above the air in half a year's months, its mean, bands of latitude."""
    phi = np.radians(np.abs(latitude))[:, None]
    declination = TILT * np.sin(2 * np.pi * np.arange(-3, 4) / SEASONS)
    cosine = np.clip(-np.tan(phi) * np.tan(declination), -1, 1)
    half_day = np.arccos(cosine)
    daily = half_day * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(half_day)
    bands = [np.cos(order * phi[:, 0]) for order in (2, 4, 6)]
    return np.concatenate([daily, np.stack(bands, 1)], 1, dtype=np.float32)


def _at(maps: NDArray[np.float16], places: Doubles) -> Floats:
    """Return (n, channels) between the cells of `maps` (channels, rows, columns), around the globe."""
    rows, columns = maps.shape[1:]
    cell = 180 / rows
    row = np.clip((90 - places[:, 1]) / cell - 0.5, 0, rows - 1)
    column = (places[:, 0] + 180) / cell - 0.5
    top, left = np.minimum(row.astype(int), rows - 2), np.floor(column).astype(int)
    down, right = (row - top).astype(np.float32), (column - left).astype(np.float32)
    west, east = left % columns, (left + 1) % columns
    upper = maps[:, top, west] * (1 - right) + maps[:, top, east] * right
    lower = maps[:, top + 1, west] * (1 - right) + maps[:, top + 1, east] * right
    return np.asarray((upper * (1 - down) + lower * down).T, np.float32)
