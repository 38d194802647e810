"""The upsampler as one ONNX graph for features and pictures of any size, for machines without torch."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from .jbu import GUIDES, Upsampler

OPSET = 18
CELLS = 8


class UpsamplerGraph(nn.Module):
    """All steps of an upsampler, or the first few."""

    def __init__(self, upsampler: Upsampler, steps: int) -> None:
        super().__init__()
        self.upsampler = upsampler
        self.count = steps

    def forward(self, features: Tensor, picture: Tensor) -> Tensor:
        """Return the larger features."""
        larger: Tensor = self.upsampler(features, picture, self.count)
        return larger


def export_upsampler(upsampler: Upsampler, path: Path, steps: int | None = None) -> None:
    """Write a graph of `features` (1, channels, h, w) and a normalised `picture` of `factor` times that size.

    The factor, 2 ** steps, and how far neighbours reach stand in the graph's metadata.
    """
    import onnx

    steps = len(upsampler.steps) if steps is None else steps
    factor, channels = 1 << steps, upsampler.channels
    example = torch.zeros(1, channels, CELLS, CELLS), torch.zeros(1, GUIDES, CELLS * factor, CELLS * factor)
    part = path.with_suffix(".part")
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of the windows it takes as fixed, and they are
        torch.onnx.export(
            UpsamplerGraph(upsampler.cpu().eval(), steps).eval(),
            example,
            str(part),
            input_names=["features", "picture"],
            output_names=["larger"],
            dynamic_axes={"features": {2: "h", 3: "w"}, "picture": {2: "height", 3: "width"}},
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(part)
    onnx.helper.set_model_props(model, {"factor": str(factor), "reach": str(upsampler.reach(steps))})
    onnx.save(model, path)
    part.unlink()
