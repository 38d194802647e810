"""When a picture was taken, as its file's tags say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

DATES = (
    "ACQUISITIONDATETIME",  # GDAL's own, of the domain IMAGERY
    "DATETIME",  # STAC
    "ACQUISITIONDATE",
    "DATEACQUIRED",  # Landsat
    "PRODUCTSTARTTIME",  # Sentinel-2
    "EXIFDATETIMEORIGINAL",
    "TIFFTAGDATETIME",  # often when the file was made, hence the last
)
"""Tags that hold it, the surest first, without the underscores that some have."""


def time_taken(tags: Mapping[str, str]) -> str:
    """Return ISO 8601 in UTC to the second, empty where no tag says it; a time without a zone is one of UTC."""
    given = {name.upper().replace("_", ""): text.strip() for name, text in tags.items()}
    return next((time for time in (_utc(given[name]) for name in DATES if name in given) if time), "")


def _utc(text: str) -> str:
    date = text[:10].replace(":", "-") if text[4:5] == ":" else text[:10]  # TIFF has 2024:05:01 10:30:00
    try:
        time = datetime.fromisoformat(date + text[10:])
        known = time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{known.replace(microsecond=0, tzinfo=None).isoformat()}Z"
