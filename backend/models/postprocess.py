"""From a model's low-resolution logits back to the crop. Logits stay logits: nobody thresholds here."""

from __future__ import annotations

from .preprocess import Floats, Geometry, resize_floats


def to_crop(low: Floats, geometry: Geometry) -> Floats:
    """Return (rows, columns) low-resolution logits at the crop's own size, without the input's padding.

    Padded inputs go by way of the input's full size, as SAM's processor does, so that edges fall where it puts them.
    """
    if not geometry.pads:
        return resize_floats(low, geometry.crop)
    full = resize_floats(low, (geometry.side, geometry.side))
    return resize_floats(full[: geometry.fitted[0], : geometry.fitted[1]], geometry.crop)
