"""Dense features of any model, sharpened along a picture's edges: `upsample(features, image)`.

A folder with `upsampler.onnx` works without torch; one with `upsampler.safetensors` needs it and is for SegEarth-OV.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.device import ComputeDevice
from backend.memory import threads

from .catalog_ground import CLIP
from .preprocess import normalise, resize_floats
from .segmenter import Image
from .spec import ModelSpec

Floats = NDArray[np.float32]
Run = Callable[[Floats, Floats], Floats]
GRAPH = "upsampler.onnx"
FEWEST = 4
"""Cells a side at least: neighbours are mirrored at the edges."""

STRIP = 2048
"""Cells done at once, beside those their neighbours reach: bounds memory to about a gigabyte for 64 channels."""


class GuidedUpsampler:
    """An upsampler of `factor`; `run` takes (1, channels, h, w) and a picture (1, 3, h * factor, w * factor).

    `reach` is how many cells away a cell still counts.
    """

    def __init__(self, run: Run, factor: int, reach: int) -> None:
        self._run, self._reach = run, reach
        self.factor = factor

    def upsample(self, features: Floats, image: Image) -> Floats:
        """Return (channels, height, width) for an image (height, width, 3) whose features lie `factor` pixels apart.

        Vectors keep the lengths that `features` (channels, ceil(height / factor), ceil(width / factor)) have there:
        the upsampler's own weights do not add up to 1.
        """
        height, width = image.shape[:2]
        rows, columns = (max(FEWEST, length) for length in features.shape[1:])
        missing = (0, rows - features.shape[1]), (0, columns - features.shape[2])
        cells = np.pad(features, ((0, 0), *missing), "edge")
        beyond = (0, rows * self.factor - height), (0, columns * self.factor - width)
        picture = np.pad(image, (*beyond, (0, 0)), "edge")
        guide = normalise(picture, np.ones(picture.shape[:2], np.bool_), CLIP)
        found = self._in_strips(cells[None], guide)
        lengths = resize_floats(np.asarray(np.linalg.norm(cells, axis=0), np.float32), picture.shape[:2])
        found *= lengths / np.maximum(np.linalg.norm(found, axis=0), 1e-6)
        return found[:, :height, :width]

    def _in_strips(self, cells: Floats, guide: Floats) -> Floats:
        rows, factor = cells.shape[2], self.factor
        found = np.empty((cells.shape[1], *guide.shape[2:]), np.float32)
        strip = max(1, STRIP // cells.shape[3])
        for top in range(0, rows, strip):
            first, last = max(0, top - self._reach), min(rows, top + strip + self._reach)
            part = self._run(cells[:, :, first:last], guide[:, :, first * factor : last * factor])[0]
            inside = part[:, (top - first) * factor : (top - first + strip) * factor]
            found[:, top * factor : (top + strip) * factor] = inside
        return found

    def close(self) -> None:
        """Hold nothing outside this process's memory."""


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> GuidedUpsampler:
    """Return the upsampler in `folder`, on the CPU."""
    if (folder / GRAPH).exists():
        return from_graph(folder / GRAPH)
    from .jbu_weights import guided  # needs torch

    return guided(folder)


def from_graph(path: Path) -> GuidedUpsampler:
    """Return the upsampler exported to `path`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.log_severity_level = 3
    options.execution_order = onnxruntime.ExecutionOrder.PRIORITY_BASED  # else every shift is held at once
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    described = session.get_modelmeta().custom_metadata_map

    def run(features: Floats, picture: Floats) -> Floats:
        return np.asarray(session.run(None, {"features": features, "picture": picture})[0], np.float32)

    return GuidedUpsampler(run, int(described["factor"]), int(described["reach"]))
