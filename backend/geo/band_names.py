"""What the bands of a raster are called: `B04` for "B4", "red", "B04, central wavelength 665 nm" or 0.665 micrometres.

The names are Sentinel-2's, and `VV`, `VH`, `HH`, `HV` for radar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

LEVEL_2A = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
CIRRUS = "B10"
LEVEL_1C = (*LEVEL_2A[:10], CIRRUS, *LEVEL_2A[10:])
RADAR = ("VV", "VH", "HH", "HV")
KNOWN = (*LEVEL_1C, *RADAR)

WAVELENGTHS = {  # nanometres: centre, and how far another sensor's may be off
    "B01": (443, 14), "B02": (492, 18), "B03": (560, 20), "B04": (665, 20), "B05": (704, 9), "B06": (740, 9),
    "B07": (782, 9), "B08": (833, 15), "B8A": (865, 12), "B09": (945, 12), "B10": (1375, 20), "B11": (1612, 50),
    "B12": (2190, 60),
}  # fmt: skip
COMMON = {  # STAC's common names, and those of its Sentinel-2 collections; "rededge" alone may be one of three
    "coastal": "B01", "blue": "B02", "green": "B03", "red": "B04", "rededge071": "B05", "rededge075": "B06",
    "rededge078": "B07", "rededge1": "B05", "rededge2": "B06", "rededge3": "B07", "nir": "B08", "nir08": "B8A",
    "nir09": "B09", "cirrus": "B10", "swir16": "B11", "swir22": "B12",
}  # fmt: skip
NUMBERED = re.compile(r"B0?(\d{1,2}|8A)", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(nm|nanomet|um|µm|μm|micromet)", re.IGNORECASE)
LENGTH_TAGS = ("CENTRAL_WAVELENGTH_UM", "center_wavelength", "eo:center_wavelength")
NAME_TAGS = ("common_name", "eo:common_name", "polarization", "POLARIZATION", "POLARISATION")


def canonical(text: str) -> str:
    """Return the name of a band that `text` names; empty where it names none that is known."""
    first = re.split(r"[\s,;:()]+", text.strip(), maxsplit=1)[0]
    number = NUMBERED.fullmatch(first)
    name = f"B{number[1].upper().zfill(2)}" if number else COMMON.get(first.lower().replace("_", ""), first.upper())
    return name if name in KNOWN else ""


def of_wavelength(nanometres: float) -> str:
    """Return the band whose light this is; empty where it is none's."""
    found = min(WAVELENGTHS, key=lambda name: abs(WAVELENGTHS[name][0] - nanometres))
    centre, reach = WAVELENGTHS[found]
    return found if abs(centre - nanometres) <= reach else ""


def of_band(description: str, tags: Mapping[str, str]) -> str:
    """Return what a band's own metadata say it is: by wavelength, else by name; empty where they say nothing known."""
    length = _wavelength(description, tags)
    if length:
        return of_wavelength(length)
    return next((name for name in map(canonical, (description, *_tagged(tags))) if name), "")


def of_bands(metadata: Sequence[tuple[str, Mapping[str, str]]]) -> tuple[str, ...]:
    """Return the name of each band, empty where unknown, from their descriptions and tags.

    Bands that say nothing are Sentinel-2's in their usual order where there are 12 (level 2A) or 13 (level 1C).
    """
    names = tuple(of_band(description, tags) for description, tags in metadata)
    if any(names) and not _merely_counted([description for description, _ in metadata]):
        return names
    return {len(LEVEL_2A): LEVEL_2A, len(LEVEL_1C): LEVEL_1C}.get(len(names), ("",) * len(names))


def _merely_counted(descriptions: Sequence[str]) -> bool:
    """Tell B1, B2, ... up to how many there are, which are no names: those of Sentinel-2 skip to B8A."""
    numbers = [NUMBERED.fullmatch(text.strip()) for text in descriptions]
    counted = [number[1] for number in numbers if number]
    return len(counted) >= len(LEVEL_2A) and counted == [str(n) for n in range(1, len(descriptions) + 1)]


def _tagged(tags: Mapping[str, str]) -> list[str]:
    return [tags[name] for name in NAME_TAGS if name in tags]


def _wavelength(description: str, tags: Mapping[str, str]) -> float:
    """Return nanometres; 0 where nothing is said."""
    thin = tags.get("wavelength_units", "nanometers").lower().startswith(("nano", "nm"))
    tagged = [(name, 1000.0) for name in LENGTH_TAGS] + [("wavelength", 1.0 if thin else 1000.0)]
    for name, unit in tagged:
        if NUMBER.fullmatch(tags.get(name, "")):
            return unit * float(tags[name])
    found = LENGTH.search(description)
    if not found:
        return 0.0
    return float(found[1]) * (1.0 if found[2].lower().startswith("n") else 1000.0)
