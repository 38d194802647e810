"""What a plan costs: pixels fed to the model, against reading all of the area at native resolution."""

from __future__ import annotations

from dataclasses import dataclass

from backend.geo.raster import Window

from .resolution import Plan


@dataclass(frozen=True)
class Cost:
    """Pixels fed, in all and by what looks are for, and those of the naive run."""

    fed: int
    naive: int
    by_role: dict[str, int]

    @property
    def saved(self) -> float:
        """Return the share of the naive run's pixels that were not fed; below 0 where more were."""
        return 1 - self.fed / self.naive


def cost(plan: Plan, tile: int | None = None, overlap: int = 0) -> Cost:
    """Return what `plan` costs against tiles of `tile` pixels a side, `overlap` of them shared; without, each once."""
    roles: dict[str, int] = {}
    for look in plan.looks:
        roles[look.role] = roles.get(look.role, 0) + look.pixels
    return Cost(plan.pixels, naive_pixels(plan.area, tile, overlap), roles)


def naive_pixels(area: Window, tile: int | None = None, overlap: int = 0) -> int:
    """Return the pixels that all tiles over `area` hold at native resolution; without `tile` each pixel once."""
    if tile is None:
        return area.width * area.height
    return _covered(area.width, tile, overlap) * _covered(area.height, tile, overlap)


def _covered(length: int, tile: int, overlap: int) -> int:
    if length <= tile:
        return length
    return tile * -(-(length - overlap) // (tile - overlap))
