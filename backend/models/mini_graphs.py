"""Mini's exported graphs, opened with onnxruntime: an encoder run once, and small heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FOLDER = Path(__file__).parents[1] / "weights" / "mini"
STRIDE = 32
MIDDLE = 127


class Graph:
    """One ONNX graph on the CPU."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._outputs = [output.name for output in self._session.get_outputs()]

    def __call__(self, **inputs: Floats | NDArray[np.int64]) -> dict[str, Any]:
        """Return every output by name."""
        return dict(zip(self._outputs, self._session.run(None, inputs), strict=True))


def batch(image: NDArray[np.uint8], valid: NDArray[np.bool_] | None = None) -> Floats:
    """Return a crop (h, w, 3) as (1, 3, H, W), sides padded to multiples of 32 by repeating edges; no data is grey."""
    height, width = image.shape[:2]
    pixels = image.astype(np.float32)
    if valid is not None:
        pixels[~valid] = MIDDLE
    padded = np.pad(pixels, ((0, -height % STRIDE), (0, -width % STRIDE), (0, 0)), "edge")
    return np.ascontiguousarray(padded.transpose(2, 0, 1))[None]
