"""Which bands of a raster are red, green and blue, by what the file itself says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .band_names import of_bands

RED, GREEN, BLUE = COLOURS = ("B04", "B03", "B02")


def colour_bands(metadata: Sequence[tuple[str, Mapping[str, str]]]) -> tuple[int, ...]:
    """Return the numbers of the red, the green and the blue band, from 1, as `band_names.of_bands` knows them.

    None where one of the three is missing, or where several bands say that they are the same one.
    """
    names = of_bands(metadata)
    if any(names.count(colour) != 1 for colour in COLOURS):
        return ()
    return tuple(names.index(colour) + 1 for colour in COLOURS)
