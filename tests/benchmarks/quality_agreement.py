"""The shipped graphs against torch with the weights of the run they came from: whole answers on real crops."""

from __future__ import annotations

import numpy as np
import torch

from backend.models.mini_clicks import Clicks
from backend.models.segmenter import CropPrompts
from backend.training.export import Click, Encoder, rounded
from tests.benchmarks.quality import cases, crop, deepest


class TorchGraph:
    """A module that is called as a `Graph` is."""

    def __init__(self, module, outputs):
        self._module, self._outputs = module, outputs

    @torch.no_grad()
    def __call__(self, **inputs):
        found = self._module(*(torch.from_numpy(np.ascontiguousarray(value)) for value in inputs.values()))
        return {name: value.numpy() for name, value in zip(self._outputs, found, strict=False)}


def measure(model, args):
    """Return the greatest difference of masks' logits and the share of pixels on the same side of 0."""
    if args.run is None:
        return "needs --run"
    network = rounded(args.run)
    torch_clicks = Clicks(
        TorchGraph(Encoder(network), ("coarse", "fine", "similar")), TorchGraph(Click(network), ("mask", "score"))
    )
    furthest, same = 0.0, []
    for case in cases(args.data, args.split, 5, args.seed):
        row, column = deepest(case.mask)
        window = crop(case.mask.shape, row, column, model.input_size)
        image = np.ascontiguousarray(case.image[window])
        place = np.array([[column - window[1].start + 0.5, row - window[0].start + 0.5]], np.float32)
        prompts = CropPrompts(place, np.ones(1, np.int32))
        valid = np.ones(image.shape[:2], bool)
        answers = [side.decode(side.encode(image, valid), prompts).logits for side in (model, torch_clicks)]
        furthest = max(furthest, float(np.abs(answers[0] - answers[1]).max()))
        same.append(float(((answers[0] > 0) == (answers[1] > 0)).mean()))
    return {"max difference of logits": furthest, "same side of 0": round(float(np.mean(same)), 6)}
