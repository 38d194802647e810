"""Whether image, region or pixel is told right: questions whose forms and nouns were held out, and some written apart.

For the first, heads are trained anew as the recipe does, so torch is needed; it takes about a minute a split.
"""

from __future__ import annotations

import numpy as np
import torch

from backend.models.mini_graphs import FOLDER
from backend.models.mini_text import TextTower
from backend.tasks.ground_policy.granularity import NAMES, Head, granularity, load_head
from backend.training.granularity import TESTED, accuracy, trained
from backend.training.granularity_set import questions, split
from tests.backend.tasks.ground_policy.test_granularity import ASKED

SPLITS = (1337, 1338, 1339)


def measure(model, args):
    """Return accuracy of held-out questions, by split and their mean, and of the head that ships on others."""
    torch.set_num_threads(1)
    tower, shipped = TextTower(FOLDER), load_head()
    rows = {}
    for seed in SPLITS:
        teaching, held = split(seed)
        head = Head(trained(tower, teaching, seed, torch.device("cpu")))
        rows[f"split {seed}"] = accuracy(head, tower, questions(held, TESTED, np.random.default_rng(seed)))
    mean = {name: round(float(np.mean([row[name] for row in rows.values()])), 4) for name in rows["split 1337"]}
    right = {
        name: [granularity(phrase, tower, shipped).name == name for phrase in phrases]
        for name, phrases in ASKED.items()
    }
    apart = {name: f"{sum(right[name])} of {len(right[name])}" for name in NAMES}
    total = [hit for hits in right.values() for hit in hits]
    return {"all": mean, "places": rows, "head that ships, questions apart": apart | {"accuracy": np.mean(total)}}
