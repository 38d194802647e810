"""What the Generate page says of a region before it is made."""

from __future__ import annotations

from typing import Protocol

from qgis.PyQt.QtCore import QCoreApplication, QLocale

from . import labels

LONG_S, LARGE_BYTES = 600, 2e9
"""From here on a person is asked first."""
FULL = 0.9
"""The share of the free disk that is not to be exceeded without a question."""


class Region(Protocol):
    """A region before it is made."""

    width: int
    height: int
    metres: float
    metres_before: float
    file_bytes: float
    work_bytes: float
    seconds: float


def region_text(region: Region) -> str:
    """Return resolution, size, file and time, a line each."""
    translate = QCoreApplication.translate
    count = QLocale().toString
    size = translate("GenerateText", "{width} × {height} pixels, about {file}").format(
        width=count(region.width), height=count(region.height), file=labels.file_size(round(region.file_bytes))
    )
    took = translate("GenerateText", "about {time} on this machine").format(time=duration(region.seconds))
    if not region.metres:
        return "\n".join([size, took])
    text = translate("GenerateText", "Pixels of {after} instead of {before}")
    return "\n".join([text.format(after=_length(region.metres), before=_length(region.metres_before)), size, took])


def question_of(region: Region, free: float) -> str:
    """Return what a person is asked before the run, empty where nothing speaks against it.

    `free` are the bytes free where the region is made, 0 where that is not known.
    """
    translate = QCoreApplication.translate
    if free and region.work_bytes > FULL * free:
        text = translate(
            "GenerateText",
            "This needs about {needed} of disk while it runs, and {free} are free: it would fill the disk. "
            "Choose a smaller area or scale, or free some space. Generate it all the same?",
        )
        return text.format(needed=labels.file_size(round(region.work_bytes)), free=labels.file_size(round(free)))
    if region.seconds > LONG_S or region.file_bytes > LARGE_BYTES:
        text = translate("GenerateText", "This becomes large:\n{region}\nGenerate it?")
        return text.format(region=region_text(region))
    return ""


def duration(seconds: float) -> str:
    """Return seconds as a person would say them."""
    translate = QCoreApplication.translate
    if seconds < 100:
        return translate("GenerateText", "{count} s").format(count=max(1, round(seconds)))
    if seconds < 100 * 60:
        return translate("GenerateText", "{count} min").format(count=round(seconds / 60))
    if seconds < 100 * 3600:
        return translate("GenerateText", "{count} hours").format(count=round(seconds / 3600))
    return translate("GenerateText", "{count} days").format(count=round(seconds / 86400))


def _length(metres: float) -> str:
    if metres >= 1000:
        return f"{metres / 1000:.3g} km"
    return f"{metres:.3g} m" if metres >= 1 else f"{100 * metres:.3g} cm"
