"""`BandReader`: the bands a multispectral model wants, as numbers, found by name or wavelength in any raster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.band_names import KNOWN, RADAR, canonical, of_bands
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source

EVERY = ("*",)
SKIPPED = "-"


@dataclass(frozen=True)
class BandCrop:
    """Pixels of a window as numbers.

    Attributes:
        values: (bands, rows, columns) float32; NaN in bands that the source lacks, 0 where there is no data.
        valid: (rows, columns) bool, False where the source has no data.
        window: what was read, in the source's pixels.
        step: source pixels per crop pixel.
    """

    values: NDArray[np.float32]
    valid: NDArray[np.bool_]
    window: Window
    step: int = 1


@dataclass(frozen=True)
class Scaling:
    """Stored numbers to those that a model expects: `gain * number + offset`, in optical bands only.

    Sentinel-2 is expected as 10000 times the reflectance. Products of processing baseline 04.00 (2022) and later are
    stored 1000 above that: offset -1000. Reflectance as 0..1 needs gain 10000. Nothing of this is guessed.

    Attributes:
        gain: None takes integers of 16 bits or more as they are stored, and no others.
    """

    gain: float | None = None
    offset: float = 0.0

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Scaling:
        """Return what a request's `gain` (0 or absent = as stored) and `offset` say."""
        return cls(float(parameters.get("gain", 0)) or None, float(parameters.get("offset", 0)))


class BandReader:
    """A source opened for its bands; reads as `SourceReader` does. Not thread-safe.

    Attributes:
        bands: names of what `read` gives, as wanted; with `("*",)` those of the file, a number where unknown.
        places: the file's band of each, from 1; 0 for one that is missing.
        missing: which of them the source lacks, read as NaN.
    """

    def __init__(
        self,
        source: Source,
        path: Path,
        wanted: tuple[str, ...],
        names: Sequence[str] = (),
        scaling: Scaling | None = None,
        roots: Sequence[Path] | None = None,
    ) -> None:
        """Open `path`; `names` are the file's bands in order as the user knows them, `-` for one to leave out.

        Raises:
            BadInput: as `SourceReader`; PARAMETER_INVALID where no band is one wanted, for names that are not known
                and for numbers whose unit nobody has said.
        """
        self._reader = SourceReader(source, path, roots)
        self.grid, self.pixel_size_m = self._reader.grid, self._reader.pixel_size_m
        self.name, self.source, self.origin = self._reader.name, source, self._reader.origin
        self.taken = self._reader.taken
        self._scaling = scaling or Scaling()
        try:
            found = _given(names, self.name, self._reader.count) if names else of_bands(self._reader.band_metadata)
            if wanted == EVERY:
                alpha = () if names else self._reader.alpha
                self.places = [n for n, name in enumerate(found, 1) if name != SKIPPED and n not in alpha]
                self.bands = tuple(found[index - 1] or str(index) for index in self.places)
            else:
                self.places = _places(wanted, found, self.name)
                self.bands = wanted
                self._check_unit()
        except BaseException:
            self.close()
            raise
        self.missing = tuple(band for band, place in zip(self.bands, self.places, strict=True) if not place)
        self.fingerprint = (*self._reader.fingerprint, tuple(self.places), self._scaling)

    def __enter__(self) -> BandReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def check_unchanged(self) -> None:
        """Raise as `SourceReader.check_unchanged`."""
        self._reader.check_unchanged()

    def read(self, window: Window, step: int = 1) -> BandCrop:
        """Return the pixels of `window`, every `step` x `step` of them averaged into one (the last may be partial).

        A pixel is data where one of its bands is, and none is NaN: in integer products 0 stands for no data and for a
        dark pixel alike. A band without data there is 0.

        Raises:
            BadInput: as `SourceReader.read`.
        """
        there = [place for place in self.places if place]
        with self._reader.reading(window):
            stored, known = self._reader.values(window, step, there)
        valid = known.any(0) & np.isfinite(stored).all(0)
        self._reader.check_any(valid, window)
        values = np.full((len(self.places), *valid.shape), np.nan, np.float32)
        scaled = ((index, band) for index, band in enumerate(self.bands) if self.places[index])
        for (index, band), numbers, data in zip(scaled, stored, known, strict=True):
            values[index] = np.where(data & valid, self._expected(band, numbers), 0)
        return BandCrop(values, valid, window, step)

    def _expected(self, band: str, stored: NDArray[np.generic]) -> NDArray[np.float32]:
        numbers = stored.astype(np.float32)
        if band in RADAR:
            return numbers
        return numbers * np.float32(self._scaling.gain or 1) + np.float32(self._scaling.offset)

    def _check_unit(self) -> None:
        """Refuse fractions and bytes unless their gain is given: 0.2, 51 and 2000 may be the same reflectance."""
        optical = [place for band, place in zip(self.bands, self.places, strict=True) if place and band not in RADAR]
        kinds = {self._reader.dtypes[place - 1] for place in optical}
        other = sorted(kind for kind in kinds if np.dtype(kind).kind == "f" or np.dtype(kind).itemsize == 1)
        if other and self._scaling.gain is None:
            detail = f"{self.name!r} holds {other[0]} numbers; say what makes them 10000 times the reflectance: "
            raise BadInput(codes.PARAMETER_INVALID, detail + "gain 10000 for 0 to 1, gain 1 if they already are.")


def _given(names: Sequence[str], source: str, count: int) -> tuple[str, ...]:
    if len(names) != count:
        detail = f"{source!r} has {count} bands and {len(names)} names are given; "
        raise BadInput(codes.PARAMETER_INVALID, f"{detail}name each, in order ({SKIPPED} for one to leave out).")
    found = tuple(SKIPPED if name.strip() == SKIPPED else canonical(name) for name in names)
    strange = [name for name, known in zip(names, found, strict=True) if not known]
    if strange:
        detail = f"{strange[0]!r} is no band that is known; the names are {', '.join(KNOWN)}, and {SKIPPED} for others."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return found


def _places(wanted: tuple[str, ...], found: Sequence[str], source: str) -> list[int]:
    """Return the file's band, from 1, of each that is wanted; 0 for one that is missing."""
    twice = [name for name in wanted if found.count(name) > 1]
    if twice:
        detail = f"{source!r} has {found.count(twice[0])} bands that say they are {twice[0]}; name its bands yourself."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    places = [found.index(name) + 1 if name in found else 0 for name in wanted]
    if not any(places):
        have = f"its {len(found)} bands say nothing of the kind" if len(found) > 1 else "its one band is none of them"
        detail = f"{source!r} is no picture of {', '.join(wanted)}: {have}; "
        raise BadInput(codes.PARAMETER_INVALID, f"{detail}name its bands in order, or take another model.")
    return places
