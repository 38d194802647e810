"""One colour a phrase: in the class map's palette, in the answer, and as the plugin styles polygons."""

from __future__ import annotations

import colorsys

TOL_BRIGHT = ("#EE6677", "#4477AA", "#CCBB44", "#228833", "#66CCEE", "#AA3377", "#EE7733", "#BBBBBB")
"""Paul Tol's bright scheme, told apart by colour-blind readers too; its red and blue come first."""
GOLDEN_ANGLE = 137.508


def phrase_colour(index: int) -> str:
    """Return the colour of the phrase at `index`, from 0; beyond the scheme hues follow the golden angle."""
    if index < len(TOL_BRIGHT):
        return TOL_BRIGHT[index]
    hue, saturation, value = int(index * GOLDEN_ANGLE) % 360, 160 + 30 * (index % 4), 230 - 40 * (index % 3)
    parts = colorsys.hsv_to_rgb(hue / 360, saturation / 255, value / 255)
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


def rgba(colour: str) -> tuple[int, int, int, int]:
    """Return `#rrggbb` as red, green, blue and opaque."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue, 255
