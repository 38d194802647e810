"""The shipped graphs against torch with the weights of the run they came from, on real crops."""

from __future__ import annotations

import numpy as np
import torch

from backend.models.mini import leave_untouched_parts
from backend.models.mini_graphs import batch
from backend.models.mini_prompts import draw
from backend.models.segmenter import CropPrompts
from backend.training.export import Click, Encoder, rounded
from tests.benchmarks.quality import cases, crop, deepest


def measure(model, args):
    """Return the greatest difference of masks' logits and the share of pixels on the same side of 0."""
    if args.run is None:
        return "needs --run"
    network = rounded(args.run)
    encoder, click = Encoder(network), Click(network)
    furthest, same = 0.0, []
    for case in cases(args.data, args.split, 5, args.seed):
        row, column = deepest(case.mask)
        window = crop(case.mask.shape, row, column, model.input_size)
        image = np.ascontiguousarray(case.image[window])
        place = np.array([[column - window[1].start + 0.5, row - window[0].start + 0.5]], np.float32)
        prompts = CropPrompts(place, np.ones(1, np.int32))
        answer = model.decode(model.encode(image, np.ones(image.shape[:2], bool)), prompts).logits
        with torch.no_grad():
            coarse, fine, similar, *_ = encoder(torch.from_numpy(batch(image)))
            maps = draw(place, prompts.labels, None, None, similar[0].numpy())
            mask = click(coarse, fine, torch.from_numpy(maps[None]))[0][0, 0].numpy()
        mask = np.ascontiguousarray(mask[: image.shape[0], : image.shape[1]])
        leave_untouched_parts(mask, prompts)
        furthest = max(furthest, float(np.abs(mask - answer).max()))
        same.append(float(((mask > 0) == (answer > 0)).mean()))
    return {"max difference of logits": furthest, "same side of 0": round(float(np.mean(same)), 6)}
