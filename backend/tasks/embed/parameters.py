"""What a person may set for an embedding job, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.given import given_with_model
from backend.protocol.capabilities import Parameter

DENSE, CHIPS = KINDS = "dense", "chips"
INT8, FLOAT32 = DTYPES = "int8", "float32"

EMBED_PARAMETERS = (
    Parameter(
        "kind",
        "choice",
        DENSE,
        "Vectors of",
        choices=KINDS,
        help="Blocks of pixels, as a raster, or chips, as polygons.",
    ),
    Parameter(
        "block",
        "integer",
        0,
        "Block",
        minimum=0,
        maximum=1024,
        unit="px",
        help="Side of the block that gets a vector: a multiple of the model's own, which 0 stands for.",
    ),
    Parameter("size", "integer", 128, "Chip", minimum=8, maximum=4096, unit="px", help="Side of a chip."),
    Parameter(
        "stride",
        "integer",
        0,
        "Chip to chip",
        minimum=0,
        maximum=4096,
        unit="px",
        help="From one chip to the next; 0 is the chip's side.",
    ),
    Parameter(
        "dtype",
        "choice",
        INT8,
        "Numbers",
        choices=DTYPES,
        help="A quarter of the size, as AlphaEarth stores them, or exact.",
    ),
    Parameter(
        "gain",
        "number",
        0.0,
        "Gain",
        minimum=0.0,
        maximum=1e6,
        help="What makes numbers 10000 times the reflectance, for models of many bands; 0 takes them as they are.",
    ),
    Parameter(
        "offset",
        "number",
        0.0,
        "Offset",
        minimum=-1e6,
        maximum=1e6,
        help="Added after the gain: -1000 for Sentinel-2 products from 2022 on that are stored with an offset.",
    ),
)
"""What forms show. Beside these a request has the texts of `TEXTS` and the parameters of its model."""
TEXTS = ("area", "bands")


@dataclass(frozen=True)
class EmbedParameters:
    """The values of one request.

    Attributes:
        kind: `dense` or `chips`.
        block: side of a block in pixels; 0 is the model's own.
        size, stride: of chips in pixels.
        dtype: of dense vectors as they are stored.
        gain, offset: see `geo.bands.Scaling`; gain 0 is none.
        area: as ground's: empty, `xmin,ymin,xmax,ymax` in the source's CRS, or a polygon as WKT or GeoJSON.
        bands: names of the source's bands in order with semicolons between them, where the file does not say them.
        of_model: the values of the model's own parameters.
    """

    kind: str = DENSE
    block: int = 0
    size: int = 128
    stride: int = 0
    dtype: str = INT8
    gain: float = 0.0
    offset: float = 0.0
    area: str = ""
    bands: str = ""
    of_model: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, values: Mapping[str, Any], of_model: Sequence[Parameter] = ()) -> EmbedParameters:
        """Return the parameters of a request whose model has those of `of_model`, too.

        Raises:
            BadInput: PARAMETER_INVALID, saying which and what it may be.
        """
        own, its = given_with_model(values, EMBED_PARAMETERS, of_model, TEXTS)
        return cls(**own, of_model=its)

    @property
    def band_names(self) -> tuple[str, ...]:
        """Return the names of the source's bands, as given."""
        return tuple(name.strip() for name in self.bands.split(";")) if self.bands.strip() else ()
