"""All of Mini's losses in one sum."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from backend.models.mini_network import MiniNetwork
from backend.training.batch import Batch
from backend.training.click_losses import click_loss
from backend.training.embed_losses import SceneClassifier, contrast
from backend.training.text_losses import PhraseBook, scene_loss, text_loss

WEIGHTS = {"click": 1.0, "text": 0.5, "scene": 0.5, "words": 0.1, "contrast": 0.1}


def objective(
    network: MiniNetwork,
    scenes: SceneClassifier,
    batch: Batch,
    book: PhraseBook,
    table: Tensor,
    drawn: np.random.Generator,
) -> tuple[Tensor, dict[str, float]]:
    """Return the weighted sum of losses, and each of them for the log."""
    detail, levels, deepest = network.levels(batch.crops)
    parts: dict[str, Tensor] = {}
    with torch.autocast("cpu", torch.bfloat16):
        features = network.click(detail, levels)
    parts["click"], log = click_loss(network.decoder, features, batch.plays, drawn)
    vectors = network.text(levels)
    parts["text"] = text_loss(network.text, vectors, book.step(), batch.classes, table)
    whole, _ = network.gate(levels, deepest)
    _, chip_levels, chip_deepest = network.levels(batch.chips)
    embedded, _ = network.gate(chip_levels, chip_deepest)
    count = len(batch.scenes)
    labels = torch.cat([batch.scenes, batch.scenes])
    logits = scenes(embedded[: 2 * count])
    parts["scene"] = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.05)
    first, second = (
        torch.cat([embedded[:count], whole]),
        torch.cat([embedded[count : 2 * count], embedded[2 * count :]]),
    )
    parts["contrast"] = contrast(first, second)
    words = network.text([level[:count] for level in chip_levels])
    parts["words"] = scene_loss(network.text, words, book.scenes(), batch.scenes)
    total = torch.stack([WEIGHTS[name] * value for name, value in parts.items()]).sum()
    log |= {name: value.item() for name, value in parts.items()}
    log["accuracy"] = float((logits.argmax(1) == labels).float().mean())
    return total, log
