"""Rasters that lie side by side as one: the text of a GDAL VRT. Ours to write; none is ever read for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from backend.geo.raster import Grid, Window

Colour = tuple[int, int, int, int]
GDAL_TYPES = {"uint8": "Byte", "uint32": "UInt32", "float32": "Float32"}


@dataclass(frozen=True)
class Piece:
    """A raster of uint8, or of uint32 for such bands, beside the VRT (or below its folder), and where it lies."""

    name: str
    window: Window


@dataclass(frozen=True)
class Band:
    """A band of the mosaic.

    Attributes:
        number: its number in the pieces.
        values: the value for each value of the pieces, where they are not taken as they are.
        nodata: also what is shown where no piece is.
        shows: GDAL's name of what it is to a viewer: `Red`, `Green`, `Blue`, `Alpha`.
    """

    number: int
    name: str = ""
    dtype: str = "uint8"
    nodata: float | None = None
    scale: float = 1.0
    values: Sequence[float] = ()
    colours: Sequence[Colour] = ()
    categories: Sequence[str] = ()
    shows: str = ""


@dataclass(frozen=True)
class Mosaic:
    """Pieces on one grid.

    Attributes:
        xmp: a packet, well-formed; a TIFF copied from the mosaic holds it in the tag made for it.
    """

    grid: Grid
    pieces: Sequence[Piece]
    bands: Sequence[Band]
    tags: Mapping[str, str] = field(default_factory=dict)
    xmp: str = ""

    def text(self) -> str:
        """Return the VRT."""
        grid = self.grid
        lines = [f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}">']
        if grid.crs:
            lines.append(f'<SRS dataAxisToSRSAxisMapping="1,2">{escape(grid.crs)}</SRS>')
        if grid.crs or not grid.transform.is_identity:
            lines.append(f"<GeoTransform>{', '.join(repr(v) for v in grid.transform.to_gdal())}</GeoTransform>")
        tags = "".join(f'<MDI key="{escape(key)}">{escape(value)}</MDI>' for key, value in self.tags.items())
        lines.append(f"<Metadata>{tags}</Metadata>")
        if self.xmp:
            lines.append(f'<Metadata domain="xml:XMP" format="xml">{self.xmp}</Metadata>')
        for number, band in enumerate(self.bands, start=1):
            lines += [f'<VRTRasterBand dataType="{GDAL_TYPES[band.dtype]}" band="{number}">', *_about(band)]
            lines += [_source(piece, band) for piece in self.pieces]
            lines.append("</VRTRasterBand>")
        return "\n".join([*lines, "</VRTDataset>\n"])

    def write(self, path: Path) -> Path:
        """Make `path` this VRT, at once whole, and return it."""
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(self.text(), encoding="utf-8")
        return beside.replace(path)


def picture_bands(opaque: bool = False) -> list[Band]:
    """Return the bands of a picture whose pieces hold red, green, blue and, unless `opaque`, alpha."""
    shows = ("Red", "Green", "Blue") if opaque else ("Red", "Green", "Blue", "Alpha")
    return [Band(number, name.lower(), shows=name) for number, name in enumerate(shows, start=1)]


def _about(band: Band) -> list[str]:
    lines = [f"<Description>{escape(band.name)}</Description>"] if band.name else []
    if band.nodata is not None:
        lines.append(f"<NoDataValue>{band.nodata:g}</NoDataValue>")
    if band.scale != 1.0:
        lines.append(f"<Offset>0</Offset><Scale>{band.scale!r}</Scale>")
    if band.categories:
        names = "".join(f"<Category>{escape(name)}</Category>" for name in band.categories)
        lines.append(f"<CategoryNames>{names}</CategoryNames>")
    if band.shows:
        lines.append(f"<ColorInterp>{band.shows}</ColorInterp>")
    if band.colours:
        entries = "".join(f'<Entry c1="{r}" c2="{g}" c3="{b}" c4="{a}"/>' for r, g, b, a in band.colours)
        lines.append(f"<ColorInterp>Palette</ColorInterp><ColorTable>{entries}</ColorTable>")
    return lines


def _source(piece: Piece, band: Band) -> str:
    kind = "ComplexSource" if len(band.values) else "SimpleSource"
    at, stored = piece.window, "UInt32" if band.dtype == "uint32" else "Byte"
    table = ",".join(f"{value}:{wanted:.9g}" for value, wanted in enumerate(band.values))
    size = f'xSize="{at.width}" ySize="{at.height}"'
    return (
        f'<{kind}><SourceFilename relativeToVRT="1">{escape(piece.name)}</SourceFilename>'
        f"<SourceBand>{band.number}</SourceBand>"
        f'<SourceProperties RasterXSize="{at.width}" RasterYSize="{at.height}" DataType="{stored}" '
        f'BlockXSize="{min(512, at.width)}" BlockYSize="{min(512, at.height)}"/>'
        f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{at.col}" yOff="{at.row}" {size}/>'
        f"{f'<LUT>{table}</LUT>' if table else ''}</{kind}>"
    )
