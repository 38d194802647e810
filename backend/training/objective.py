"""All of Mini's losses in one sum."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from backend.models.mini_network import MiniNetwork
from backend.training.batch import Batch, Scenes
from backend.training.click_losses import click_loss
from backend.training.embed_losses import SceneClassifier, contrast
from backend.training.text_losses import PhraseBook, scene_loss, text_loss

WEIGHTS = {"click": 1.0, "text": 0.4, "scene": 0.8, "words": 0.2, "contrast": 0.2}


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
    with torch.autocast(batch.crops.device.type, torch.bfloat16):
        features = network.click(detail, levels)
    parts["click"], log = click_loss(network.decoder, features, batch.plays, drawn)
    vectors = network.text(levels)
    parts["text"] = text_loss(network.text, vectors, book.step(), batch.classes, table)
    if batch.scenes:
        whole, _ = network.gate(levels, deepest)
        accuracy = _scene_terms(network, scenes, batch.scenes, whole, book, parts)
        log["accuracy"] = accuracy
    total = torch.stack([WEIGHTS[name] * value for name, value in parts.items()]).sum()
    return total, log | {name: value.item() for name, value in parts.items()}


def _scene_terms(
    network: MiniNetwork,
    classifier: SceneClassifier,
    scenes: Scenes,
    whole: Tensor,
    book: PhraseBook,
    parts: dict[str, Tensor],
) -> float:
    """Add the terms of chips and of the vectors of whole crops; return the share of chips told right."""
    _, levels, deepest = network.levels(scenes.chips)
    embedded, _ = network.gate(levels, deepest)
    count = len(scenes.classes)
    labels = torch.cat([scenes.classes, scenes.classes])
    logits = classifier(embedded[: 2 * count])
    parts["scene"] = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.05)
    first = torch.cat([embedded[:count], whole])
    parts["contrast"] = contrast(first, torch.cat([embedded[count : 2 * count], embedded[2 * count :]]))
    words = network.text([level[:count] for level in levels])
    parts["words"] = scene_loss(network.text, words, book.scenes(), scenes.classes)
    return float((logits.argmax(1) == labels).float().mean())
