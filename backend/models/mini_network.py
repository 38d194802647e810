"""Mini, whole, in torch: only training and export need it; the backend runs the exported ONNX graphs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.models.mini_backbone import Backbone
from backend.models.mini_fusion import Gate, Interaction
from backend.models.mini_heads import ClickDecoder, ClickFeatures, TextHead

MEAN, SPREAD = 127.0, 128.0


class MiniNetwork(nn.Module):
    """Backbone, BIM, SFM and the three heads; images are (n, 3, h, w) float 0..255, sides multiples of 32."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.interaction = Interaction()
        self.gate = Gate()
        self.click = ClickFeatures()
        self.decoder = ClickDecoder()
        self.text = TextHead()

    def levels(self, image: Tensor) -> tuple[Tensor, list[Tensor], Tensor]:
        """Return detail (stride 2), the four fused levels, and the backbone's deepest features."""
        detail, *features = self.backbone(((image - MEAN) / SPREAD).contiguous(memory_format=torch.channels_last))
        with torch.autocast(image.device.type, torch.bfloat16, enabled=self.training):
            levels = self.interaction(features)
        return detail, [level.float() for level in levels], features[-1]
