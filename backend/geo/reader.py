"""`SourceReader`: one source as a model sees it, 8-bit RGB crops anywhere at any power of two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterWindow

from backend.errors import BadInput
from backend.geo.access import FileState, checked_path, file_state, gdal_environment, open_source, unreadable
from backend.geo.measure import pixel_size_m
from backend.geo.pixel_prompts import PixelPrompts, to_pixels
from backend.geo.raster import Crop, Grid, Window
from backend.geo.stretch import layer_stretch, to_bytes, valid_values
from backend.geo.taken import time_taken
from backend.protocol import codes
from backend.protocol.prompts import Prompts
from backend.protocol.source import Source, Stretch


class SourceReader:
    """A source opened for reading. Not thread-safe: one thread reads, any thread may look at `grid`.

    Attributes:
        bands: those that are shown as red, green and blue, or one as grey; none where a palette has the colours.
        grid: the source's pixel grid.
        pixel_size_m: side of a pixel on the ground; 0 where unknown.
        origin: the source's place in the raster it was cut from.
        fingerprint: tells this content, seen this way, from any other; hashable.
    """

    def __init__(self, source: Source, path: Path, roots: Sequence[Path] | None = None) -> None:
        """Open `path` as `source` says.

        Raises:
            BadInput: as `open_source`, or PARAMETER_INVALID for bands, stretch or CRS that do not fit the file.
        """
        self._path = checked_path(path, roots)
        self._state = self._found_state()
        self._dataset = open_source(self._path, roots)
        try:
            self._shown = _bands(source, self._dataset)
            self._palette = _palette(source, self._dataset)
            self.grid = _grid(source, self._dataset)
        except BaseException:
            self._dataset.close()
            raise
        self.bands = self._shown if self._palette is None else ()
        self.name = source.name or self._path.name
        self.source = source
        self.origin = source.origin
        self.pixel_size_m = pixel_size_m(self.grid)
        self.fingerprint = (str(self._path), self._state, source.bands, source.stretch, source.nodata)
        self._stretch = self._given_stretch()

    def __enter__(self) -> SourceReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()

    def check_unchanged(self) -> None:
        """Raise SOURCE_CHANGED where the file is not the one that was opened, SOURCE_MISSING where there is none."""
        try:
            same = file_state(self._path) == self._state
        except OSError as error:
            detail = f"{self.name!r} was deleted or moved while it was in use; put it back or choose another."
            raise BadInput(codes.SOURCE_MISSING, detail) from error
        if not same:
            raise BadInput(codes.SOURCE_CHANGED, f"{self.name!r} was changed while it was in use; open it again.")

    def read(self, window: Window, step: int = 1) -> Crop:
        """Return the pixels of `window`, every `step` x `step` of them averaged into one (the last may be partial).

        Raises:
            BadInput: NO_VALID_PIXELS where none is data, SOURCE_MISSING, SOURCE_CHANGED, SOURCE_UNREADABLE.
        """
        with self.reading(window):
            values, masks = self.values(window, step, self._shown)
            image = self._image(values)
        valid: NDArray[np.bool_] = np.any(masks, axis=0)
        self.check_any(valid, window)
        image[~valid] = 0
        return Crop(image, valid, window, step)

    @contextmanager
    def reading(self, window: Window) -> Iterator[None]:
        """Read `window` within this: what GDAL raises becomes SOURCE_MISSING, SOURCE_CHANGED or SOURCE_UNREADABLE."""
        self.check_unchanged()
        try:
            with gdal_environment():
                yield
        except (RasterioError, OSError, MemoryError) as error:
            self.check_unchanged()
            raise unreadable(self.name, f"its pixels near {window.col}, {window.row} are damaged or cut off") from error

    def values(self, window: Window, step: int, bands: Sequence[int]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return (bands, rows, columns) as stored, and which of them are data. Call it within `reading`."""
        shape = len(bands), -(-window.height // step), -(-window.width // step)
        values = np.empty(shape, np.result_type(*(self._dataset.dtypes[band - 1] for band in bands)))
        valid = np.zeros(shape, np.bool_)
        for top, height in _pieces(window.height, step):
            for left, width in _pieces(window.width, step):
                where: dict[str, Any] = {
                    "window": RasterWindow(window.col + left, window.row + top, width, height),
                    "out_shape": (-(-height // step), -(-width // step)),
                }
                part = slice(top // step, -(-(top + height) // step)), slice(left // step, -(-(left + width) // step))
                for index, band in enumerate(bands):
                    read = self._dataset.read(band, **where, resampling=self._resampling(step))
                    values[index][part] = read
                    valid[index][part] = valid_values(self._dataset, band, read, self.source.nodata, **where)
        return values, valid

    def check_any(self, valid: NDArray[np.bool_], window: Window) -> None:
        """Raise NO_VALID_PIXELS where none of a window's pixels is `valid`."""
        if not valid.any():
            where = f"columns {window.col} to {window.col + window.width}, rows {window.row} to "
            detail = f"{self.name!r} has no data at {where}{window.row + window.height}; choose another place."
            raise BadInput(codes.NO_VALID_PIXELS, detail)

    def to_pixels(self, prompts: Prompts) -> PixelPrompts:
        """Return `prompts` in pixels of this source. Raises PROMPT_INVALID, PROMPT_OUTSIDE."""
        return to_pixels(prompts, self.grid)

    def to_crs(self, polygon: shapely.Polygon) -> shapely.Polygon:
        """Return `polygon`, in pixels, in the source's CRS."""
        a, b, c, d, e, f = self.grid.transform[:6]
        turn, corner = np.array([[a, d], [b, e]]), np.array([c, f])
        return shapely.Polygon(shapely.transform(polygon, lambda xy: xy @ turn + corner))

    @property
    def stretch(self) -> tuple[Stretch, ...]:
        """Return how each of `bands` is brought to 8 bit, none where its numbers stay as they are.

        Raises:
            BadInput: NO_VALID_PIXELS where nothing in the layer is data; as `reading`.
        """
        if self._stretch is None:
            with self.reading(Window(0, 0, self.grid.width, self.grid.height)):
                self._stretch = layer_stretch(self._dataset, self._shown, self.source.nodata)
        return self._stretch

    @property
    def band_metadata(self) -> list[tuple[str, dict[str, str]]]:
        """Return description and tags of every band of the file."""
        found = []
        for band, text in enumerate(self._dataset.descriptions, 1):
            found.append((text or "", {**self._dataset.tags(band), **self._dataset.tags(band, ns="IMAGERY")}))
        return found

    @property
    def taken(self) -> str:
        """Return when it was taken, ISO 8601; empty where the file does not say it."""
        return time_taken({**self._dataset.tags(), **self._dataset.tags(ns="IMAGERY")})

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Return the number type of every band of the file."""
        return tuple(self._dataset.dtypes)

    @property
    def count(self) -> int:
        """Return how many bands the file has."""
        return int(self._dataset.count)

    @property
    def alpha(self) -> tuple[int, ...]:
        """Return the bands that say how opaque a pixel is."""
        return tuple(n for n, kind in enumerate(self._dataset.colorinterp, 1) if kind == ColorInterp.alpha)

    def _found_state(self) -> FileState:
        try:
            return file_state(self._path)
        except OSError as error:
            raise BadInput(codes.SOURCE_MISSING, f"There is no file {self._path.name!r} at the path given.") from error

    def _given_stretch(self) -> tuple[Stretch, ...] | None:
        """Return the stretch where it is known without reading the layer."""
        given = self.source.stretch
        plain = self._palette is not None or all(self._dataset.dtypes[band - 1] == "uint8" for band in self._shown)
        if given:
            return given if len(given) == len(self._shown) else given * len(self._shown)
        return () if plain else None

    def _resampling(self, step: int) -> Resampling:
        # A nodata value the file does not know would be averaged in; palette indices have no average.
        plain = step == 1 or self._palette is not None or self.source.nodata is not None
        return Resampling.nearest if plain else Resampling.average

    def _image(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        if self._palette is not None:
            return np.asarray(self._palette[values[0]])
        grey_or_rgb = to_bytes(values, self.stretch) if self.stretch else values
        stacked = np.broadcast_to(grey_or_rgb, (3, *values.shape[1:])).transpose(1, 2, 0)
        return np.array(stacked, np.uint8, order="C")  # a copy of a single pixel too: no data is set in it


def _pieces(length: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of the part made of whole steps and of the rest, so that no pixel is smeared."""
    whole = length // step * step
    if whole:
        yield 0, whole
    if length > whole:
        yield whole, length - whole


def _bands(source: Source, dataset: Any) -> tuple[int, ...]:
    bands = source.bands or ((1, 2, 3) if dataset.count >= 3 else (1,))
    if len(bands) not in (1, 3) or not all(1 <= band <= dataset.count for band in bands):
        have = f"the source has bands 1 to {dataset.count}" if dataset.count > 1 else "the source has band 1 only"
        raise BadInput(codes.PARAMETER_INVALID, f"Bands {list(bands)} cannot be shown: give one or three; {have}.")
    if len(source.stretch) not in (0, 1, len(bands)):
        shown = "3 bands" if len(bands) > 1 else "1 band"
        detail = f"The source has {len(source.stretch)} stretches for {shown}; give one a band, or one for all."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if any(stretch.high <= stretch.low for stretch in source.stretch):
        raise BadInput(codes.PARAMETER_INVALID, "A stretch ends below where it starts; its high must exceed its low.")
    return bands


def _palette(source: Source, dataset: Any) -> NDArray[np.uint8] | None:
    indexed = dataset.colorinterp[0] == ColorInterp.palette and dataset.dtypes[0] == "uint8"
    if source.bands or source.stretch or not indexed:
        return None
    table = np.zeros((256, 3), np.uint8)
    for index, colour in dataset.colormap(1).items():
        table[index] = colour[:3]
    return table


def _name(crs: Any) -> str:
    """Return the authority's code where the CRS is that very one, else its WKT."""
    authority = crs.to_authority(confidence_threshold=100)
    return ":".join(authority) if authority else str(crs.to_wkt())


def _grid(source: Source, dataset: Any) -> Grid:
    crs = _name(dataset.crs) if dataset.crs else ""
    if not crs and source.crs:
        try:
            crs = str(CRS.from_user_input(source.crs).to_wkt())
        except CRSError as error:
            detail = f"The source's CRS {source.crs[:60]!r} is not known; give an authority code or WKT."
            raise BadInput(codes.PARAMETER_INVALID, detail) from error
    transform = Affine(*dataset.transform[:6])
    if transform.is_degenerate:
        raise unreadable(Path(dataset.name).name, "its georeference maps all pixels onto a line")
    return Grid(dataset.width, dataset.height, transform, crs)
