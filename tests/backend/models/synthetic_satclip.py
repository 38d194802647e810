"""Checkpoints of SatCLIP's layout with drawn numbers: location encoder twice in float64, image tower, scale."""

import torch

from backend.models.satclip_resnet import ResNet
from backend.models.satclip_vit import VisionTransformer

WIDTH, OUT, BANDS = 512, 256, 13
TOWERS = {
    "resnet18": lambda: ResNet(18, BANDS, OUT),
    "resnet50": lambda: ResNet(50, BANDS, OUT),
    "vit16": lambda: VisionTransformer(384, 12, BANDS, OUT),
}


def location(degrees, seed=0):
    """Return the tensors of the location encoder under the names after `nnet.`, of the sizes of all six checkpoints."""
    drawn = torch.Generator().manual_seed(seed)
    sizes = {"layers.0": (WIDTH, degrees**2), "layers.1": (WIDTH, WIDTH), "last_layer": (OUT, WIDTH)}
    state = {}
    for name, shape in sizes.items():
        state[f"{name}.weight"] = (torch.rand(shape, generator=drawn, dtype=torch.float64) - 0.5) * 2 / shape[1] ** 0.5
        state[f"{name}.bias"] = torch.rand(shape[0], generator=drawn, dtype=torch.float64) - 0.5
    return state


def checkpoint(degrees, tower=None, prefixes=("model.nnet.", "model.location.nnet."), seed=0):
    """Return a Lightning checkpoint."""
    state = {prefix + name: values for prefix in prefixes for name, values in location(degrees, seed).items()}
    if tower is not None:
        torch.manual_seed(seed)
        state |= {f"model.visual.{name}": values for name, values in TOWERS[tower]().state_dict().items()}
    return {
        "state_dict": {**state, "model.logit_scale": torch.tensor(2.6593)},
        "hyper_parameters": {"le_type": "sphericalharmonics"},
    }
