"""Real spherical harmonics of places, to any degree, stable up to the poles.

The associated Legendre functions come from the recurrence of fully normalised ones (Holmes and Featherstone, 2002),
which neither divides by the sine nor overflows. Columns are ordered by degree l = 0 ... and in it by m = -l ... l.
"""

from __future__ import annotations

import math

import numpy as np

from .location import Doubles

SQRT_2 = math.sqrt(2)


def harmonics(places: Doubles, degrees: int) -> Doubles:
    """Return (n, degrees²): orthonormal on the sphere, without the Condon-Shortley phase.

    `places` are (n, 2) longitude and latitude in degrees. The angles are those of SatCLIP: the azimuth is
    longitude + 180°, the polar angle latitude + 90° (0 at the south pole).
    """
    azimuth = np.radians(places[:, 0] + 180)
    latitude = np.radians(places[:, 1])
    return _combined(_legendre(-np.sin(latitude), np.cos(latitude), degrees), azimuth, degrees)


def satclip_harmonics(places: Doubles, degrees: int) -> Doubles:
    """Return (n, degrees²) as SatCLIP's weights know them: those of order 0 are larger by pi.

    The published table was made with sqrt((2l + 1) / 4 * pi) in place of sqrt((2l + 1) / (4 * pi)), and the weights
    were trained on it.
    """
    found = harmonics(places, degrees)
    found[:, [degree * (degree + 1) for degree in range(degrees)]] *= math.pi
    return found


def _legendre(cosine: Doubles, sine: Doubles, degrees: int) -> dict[tuple[int, int], Doubles]:
    """Return the fully normalised functions of the polar angle by (l, m >= 0)."""
    found: dict[tuple[int, int], Doubles] = {(0, 0): np.full_like(cosine, math.sqrt(1 / (4 * math.pi)))}
    for m in range(1, degrees):
        found[m, m] = math.sqrt((2 * m + 1) / (2 * m)) * sine * found[m - 1, m - 1]
    for m in range(degrees - 1):
        found[m + 1, m] = math.sqrt(2 * m + 3) * cosine * found[m, m]
        for degree in range(m + 2, degrees):
            scale = math.sqrt((4 * degree**2 - 1) / (degree**2 - m**2))
            back = math.sqrt(((degree - 1) ** 2 - m**2) / (4 * (degree - 1) ** 2 - 1))
            found[degree, m] = scale * (cosine * found[degree - 1, m] - back * found[degree - 2, m])
    return found


def _combined(legendre: dict[tuple[int, int], Doubles], azimuth: Doubles, degrees: int) -> Doubles:
    found = np.empty((len(azimuth), degrees**2))
    waves = [(SQRT_2 * np.cos(m * azimuth), SQRT_2 * np.sin(m * azimuth)) for m in range(degrees)]
    for (degree, m), values in legendre.items():
        middle = degree * (degree + 1)
        if m == 0:
            found[:, middle] = values
        else:
            found[:, middle + m] = values * waves[m][0]
            found[:, middle - m] = values * waves[m][1]
    return found
