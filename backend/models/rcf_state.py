"""What RCF learns from a source, as a value and as bytes that are the same for the same numbers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.one_thread import one_thread
from backend.protocol import codes

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class State:
    """A fitted RCF.

    Attributes:
        mean, scale: (bands,); a value counts as (value - mean) * scale.
        kernels: (n, bands * 9).
        centre: (2 n,), the mean of features.
        components: (numbers, 2 n).
        block: side of a block in pixels.
    """

    mean: Floats
    scale: Floats
    kernels: Floats
    centre: Floats
    components: Floats
    block: int

    def standardised(self, values: NDArray[Any], valid: NDArray[np.bool_]) -> Floats:
        """Return (bands, rows, columns) with mean 0 and variance 1 over the sample; 0 where not valid.

        Raises:
            BadInput: PARAMETER_INVALID for another number of bands.
        """
        if len(values) != len(self.mean):
            detail = f"The picture has {len(values)} bands and RCF was fitted to {len(self.mean)}; fit it anew."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return standardised(values, valid, self.mean, self.scale)

    def projected(self, features: Floats) -> Floats:
        """Return unit vectors (..., numbers) of features (..., 2 n)."""
        with one_thread():
            found = (features - self.centre) @ self.components.T
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), 1e-12), np.float32)

    def to_bytes(self) -> bytes:
        """Return an .npz without compression."""
        stream = io.BytesIO()
        np.savez(
            stream,
            mean=self.mean,
            scale=self.scale,
            kernels=self.kernels,
            centre=self.centre,
            components=self.components,
            block=np.int64(self.block),
        )
        return stream.getvalue()

    @classmethod
    def of_bytes(cls, state: bytes) -> State:
        """Return the state in `state`. Raises BadInput, PARAMETER_INVALID."""
        try:
            with np.load(io.BytesIO(state), allow_pickle=False) as found:
                return cls(**{**found, "block": int(found["block"])})
        except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
            detail = "What RCF learnt from the source is damaged; embed the source anew."
            raise BadInput(codes.PARAMETER_INVALID, detail) from error


def standardised(values: NDArray[Any], valid: NDArray[np.bool_], mean: Floats, scale: Floats) -> Floats:
    """Return (values - mean) * scale of (bands, rows, columns), 0 where not valid."""
    found = (values.astype(np.float32) - mean[:, None, None]) * scale[:, None, None]
    found[:, ~valid] = 0
    return found
