"""The head that tells a question's granularity, trained on the text tower's vectors of questions made here.

    python -m backend.training.granularity --out backend/weights/granularity

First heads are trained and measured on splits that hold out a quarter of the forms and of the nouns; then the head that
is written is trained on all of them. Some minutes on one core.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save
from torch import Tensor, nn

from backend.geo.atomic import write_bytes
from backend.models.mini_graphs import FOLDER
from backend.models.mini_text import TextTower
from backend.tasks.ground_policy.granularity import FILE, Floats, Head, as_read
from backend.training.devices import add_device, chosen
from backend.training.granularity_set import Part, Question, everything, questions, split

TAUGHT, TESTED = 2500, 500
EPOCHS, BATCH, RATE, DECAY, DROPOUT, NOISE = 10, 128, 1e-3, 0.02, 0.4, 0.02


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--text", type=Path, default=FOLDER, help="folder of the text tower; default: Mini's")
    parser.add_argument("--seed", type=int, default=1337, help="of the head, and of the first split")
    parser.add_argument("--splits", type=int, default=3, help="splits to measure on")
    add_device(parser)
    args = parser.parse_args()
    device = chosen(args.device)
    torch.set_num_threads(1)
    tower = TextTower(args.text)
    for seed in range(args.seed, args.seed + args.splits):
        teaching, held = split(seed)
        head = Head(trained(tower, teaching, seed, device))
        asked = questions(held, TESTED, np.random.default_rng(seed))
        print(json.dumps({"seed": seed, **accuracy(head, tower, asked)}), flush=True)  # noqa: T201
    tensors = trained(tower, everything(), args.seed, device)
    args.out.mkdir(parents=True, exist_ok=True)
    write_bytes(args.out / FILE.name, save({name: value.astype(np.float16) for name, value in tensors.items()}))


def trained(tower: TextTower, teaching: Part, seed: int, device: torch.device) -> dict[str, Floats]:
    """Return the tensors of a head trained on questions drawn from `teaching`."""
    torch.manual_seed(seed)
    inputs, labels = vectors(tower, questions(teaching, TAUGHT, np.random.default_rng(seed)))
    return fit(inputs.to(device), labels.to(device))


def vectors(tower: TextTower, asked: list[Question]) -> tuple[Tensor, Tensor]:
    """Return vectors (n, 384) and labels (n,)."""
    found = tower([as_read(question.text) for question in asked])
    return torch.from_numpy(found), torch.tensor([question.label for question in asked])


class Drop(nn.Module):
    """Dropout while training, drawn on the CPU."""

    def forward(self, hidden: Tensor) -> Tensor:
        """Return values of which DROPOUT are 0, the others larger."""
        kept = torch.empty(hidden.shape).bernoulli_(1 - DROPOUT).div_(1 - DROPOUT)
        return hidden * kept.to(hidden.device)


def fit(inputs: Tensor, labels: Tensor) -> dict[str, Floats]:
    """Return `{layer}.weight` and `{layer}.bias` of three layers, trained where the inputs are."""
    layers = [nn.Linear(384, 256), nn.Linear(256, 128), nn.Linear(128, 3)]
    drop = Drop()
    network = nn.Sequential(layers[0], nn.ReLU(), drop, layers[1], nn.ReLU(), drop, layers[2]).to(inputs.device)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS * (len(labels) // BATCH + 1))
    for _ in range(EPOCHS):
        for part in torch.split(torch.randperm(len(labels)), BATCH):
            noisy = inputs[part] + NOISE * torch.randn(len(part), inputs.shape[1]).to(inputs.device)
            loss = nn.functional.cross_entropy(network(noisy), labels[part], label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    state = {f"{i}.{name}": value for i, layer in enumerate(layers) for name, value in layer.state_dict().items()}
    return {name: value.cpu().numpy() for name, value in state.items()}


def accuracy(head: Head, tower: TextTower, asked: list[Question]) -> dict[str, float]:
    """Return the share of right answers: of all, of each language, of bare noun phrases, of each granularity."""
    inputs, labels = vectors(tower, asked)
    right = head(inputs.numpy()).argmax(1) == labels.numpy()
    groups = {"all": np.ones(len(asked), bool)}
    groups |= {language: np.array([q.language == language for q in asked]) for language in ("en", "zh")}
    groups |= {"bare": np.array([q.bare for q in asked]), "asked": np.array([not q.bare for q in asked])}
    groups |= {name: labels.numpy() == i for i, name in enumerate(("image", "region", "pixel"))}
    return {name: round(float(right[where].mean()), 4) for name, where in groups.items()} | {"n": len(asked)}


if __name__ == "__main__":
    main()
