"""EfficientNet-Lite0's body in torch, batch norms folded into convolutions (Tan & Le, arXiv 1905.11946).

Folding makes every layer a convolution with a bias: no running statistics to mix up between data sets, and an ONNX
graph with nothing to fuse. Padding is symmetric where TensorFlow's is not: features lie a pixel apart, no more.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

CHANNELS = (24, 40, 112, 320)
DETAIL = 16
FROZEN = 3
EPSILON = 1e-3
BLOCKS = (  # in, out, expansion, kernel, stride
    (32, 16, 1, 3, 1),
    (16, 24, 6, 3, 2),
    (24, 24, 6, 3, 1),
    (24, 40, 6, 5, 2),
    (40, 40, 6, 5, 1),
    (40, 80, 6, 3, 2),
    (80, 80, 6, 3, 1),
    (80, 80, 6, 3, 1),
    (80, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
    (112, 192, 6, 5, 2),
    (192, 192, 6, 5, 1),
    (192, 192, 6, 5, 1),
    (192, 192, 6, 5, 1),
    (192, 320, 6, 3, 1),
)
TAPS = {0: "detail", 2: "s4", 4: "s8", 10: "s16", 15: "s32"}


class Block(nn.Module):
    """Inverted residual: expand, depthwise, project; ReLU6 after the first two."""

    def __init__(self, inside: int, outside: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        middle = inside * expansion
        self.expand = nn.Conv2d(inside, middle, 1) if expansion > 1 else None
        self.depthwise = nn.Conv2d(middle, middle, kernel, stride, kernel // 2, groups=middle)
        self.project = nn.Conv2d(middle, outside, 1)
        self.residual = stride == 1 and inside == outside

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the block's output stride."""
        hidden = x if self.expand is None else nn.functional.relu6(self.expand(x))
        projected: Tensor = self.project(nn.functional.relu6(self.depthwise(hidden)))
        return x + projected if self.residual else projected


class Backbone(nn.Module):
    """Images (n, 3, h, w), values (rgb - 127) / 128, to features at strides 2, 4, 8, 16 and 32."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, 2, 1)
        self.blocks = nn.ModuleList(Block(*row) for row in BLOCKS)

    def forward(self, image: Tensor) -> list[Tensor]:
        """Return [detail (16 channels, stride 2), stride 4, 8, 16, 32]."""
        taps = []
        with torch.set_grad_enabled(False):
            x = nn.functional.relu6(self.stem(image))
            for index in range(FROZEN):
                x = self.blocks[index](x)
                taps += [x] if index in TAPS else []
        for index in range(FROZEN, len(BLOCKS)):
            x = self.blocks[index](x)
            taps += [x] if index in TAPS else []
        return taps

    def trainable(self) -> list[nn.Parameter]:
        """Return the parameters behind the frozen first blocks."""
        return [p for block in list(self.blocks)[FROZEN:] for p in block.parameters()]


def fold(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Turn the published checkpoint's keys (`_conv_stem`, `_blocks.0._bn1`, ...) into `Backbone`'s, norms folded."""
    folded = _folded(weights, "_conv_stem", "_bn0", "stem")
    for index, row in enumerate(BLOCKS):
        source = f"_blocks.{index}."
        parts = [("_depthwise_conv", "_bn1", "depthwise"), ("_project_conv", "_bn2", "project")]
        parts += [("_expand_conv", "_bn0", "expand")] if row[2] > 1 else []
        for conv, norm, name in parts:
            folded |= _folded(weights, source + conv, source + norm, f"blocks.{index}.{name}")
    return folded


def _folded(weights: Mapping[str, Tensor], conv: str, norm: str, name: str) -> dict[str, Tensor]:
    scale = weights[f"{norm}.weight"] / (weights[f"{norm}.running_var"] + EPSILON).sqrt()
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return {f"{name}.weight": weights[f"{conv}.weight"] * scale[:, None, None, None], f"{name}.bias": bias}
