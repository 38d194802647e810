"""Stage 4: a table of word pieces that answers like MiniLM for short phrases.

    python -m backend.training.distil_text --minilm DIR --out build/training/text

Phrases are drawn from the vocabulary: single words, and words put together as people name things on the ground.
The student starts from the tower's vectors of single tokens (their leading components) and is fitted by cosine.
Stopped, the same command goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

from backend.models.mini_text import WordPiece
from backend.training.devices import add_device, chosen
from backend.training.epochs import Stateful, epochs
from backend.training.phrases import ABSENT, SCENES, TEMPLATES, TRAINED
from backend.training.sentences import SentenceTower, package_folder
from backend.training.text_graph import DESCRIPTION, TENSORS

WIDTH = 96
ADJECTIVES = (
    "green", "blue", "red", "white", "dark", "bright", "large", "small", "tall", "long", "narrow", "wide", "old", "new",
    "dense", "sparse", "wet", "dry", "flat", "round", "urban", "rural", "wooden", "metal", "concrete", "abandoned",
    "planted", "paved", "shallow", "deep", "open", "flooded", "industrial", "residential", "agricultural", "natural",
)  # fmt: skip
TAILS = ("area", "field", "area with", "surface", "structure", "land", "zone", "site", "cover", "patch")
FORMS = (
    "{b}",
    "{a} {b}",
    "{b} {c}",
    "{b} and {d}",
    "the {b}",
    "a {b}",
    "{b}s",
    "{a} {b} {c}",
    "aerial photo of {b}",
    "{b} {d}",
)


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--minilm", type=Path, help="model folder of the sentence tower; default: the installed package"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--phrases", type=int, default=30_000)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    device = chosen(args.device)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    folder = args.minilm or package_folder()
    tower = SentenceTower(folder, device)
    words = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = [word for word in words if word.isascii() and word and not word.startswith("[")]
    phrases = drawn_phrases(vocabulary, args.phrases, np.random.default_rng(args.seed))
    targets = torch.from_numpy(_cached(tower, phrases, args.out))
    singles = torch.from_numpy(_cached(tower, [w.removeprefix("##") for w in vocabulary], args.out))
    student = Student(singles).to(device)
    kept = args.out / f"student-{args.seed}-{len(phrases)}-{args.epochs}.unfinished"
    fit(student, WordPiece(vocabulary), phrases, targets, args.epochs, kept)
    save(student.cpu(), vocabulary, args.out)
    kept.unlink()


def drawn_phrases(vocabulary: list[str], count: int, drawn: np.random.Generator) -> list[str]:
    """Return all phrases Mini knows, words of the vocabulary, and phrases put together from words."""
    groups = (*TRAINED.values(), *SCENES.values(), ABSENT)
    known = [t.format(p) for group in groups for p in group for t in dict.fromkeys(TEMPLATES)]
    words = np.array([w for w in vocabulary if w.isalpha() and len(w) > 2])
    named = np.array(sorted({w for group in groups for p in group for w in p.split()}))
    made = []
    for _ in range(count):
        pick = {"a": drawn.choice(ADJECTIVES), "b": drawn.choice(words if drawn.random() < 0.7 else named)}
        pick |= {"c": drawn.choice(TAILS), "d": drawn.choice(words if drawn.random() < 0.7 else named)}
        made.append(str(drawn.choice(FORMS)).format(**pick))
    return sorted({*known, *made})


def _cached(tower: SentenceTower, sentences: list[str], folder: Path) -> NDArray[np.float32]:
    path = folder / f"vectors-{hashlib.sha256(chr(10).join(sentences).encode()).hexdigest()[:12]}.npy"
    if not path.exists():
        np.save(path, tower(sentences))
    return np.asarray(np.load(path), np.float32)


class Student(nn.Module):
    """Rows, weights of tokens, and a linear map into the tower's space."""

    def __init__(self, singles: Tensor) -> None:
        super().__init__()
        centre = singles.mean(0)
        _, _, axes = torch.svd_lowrank(singles - centre, q=WIDTH, niter=4)
        self.table = nn.Embedding(len(singles), WIDTH, _weight=(singles - centre) @ axes)
        self.weights = nn.Embedding(len(singles), 1, _weight=torch.zeros(len(singles), 1))
        self.map = nn.Parameter(axes.T.clone())
        self.offset = nn.Parameter(centre.clone())

    def forward(self, ids: Tensor, known: Tensor) -> Tensor:
        """Return unit vectors for token ids (n, longest), where `known` is 1 for tokens and 0 for padding."""
        weights = torch.exp(self.weights(ids)[:, :, 0]) * known
        mean = (self.table(ids) * weights[:, :, None]).sum(1) / weights.sum(1, keepdim=True).clamp_min(1e-6)
        return nn.functional.normalize(mean @ self.map + self.offset, dim=1)


def fit(
    student: Student, tokens: WordPiece, phrases: list[str], targets: Tensor, count: int, kept: Path | None = None
) -> None:
    """Fit by cosine, where the student is, for `count` epochs; every twentieth phrase only checks.

    `kept` is where a stopped run goes on from.
    """
    device = student.map.device
    rows = [tokens(phrase)[:12] for phrase in phrases]
    ids = torch.zeros(len(rows), 12, dtype=torch.long)
    known = torch.zeros(len(rows), 12)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row, dtype=torch.long)
        known[index, : len(row)] = 1
    order = torch.randperm(len(rows))
    ids, known, targets = (tensor.to(device) for tensor in (ids, known, targets))
    checks, learns = order[: len(rows) // 20], order[len(rows) // 20 :]
    optimiser = torch.optim.Adam(student.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, count * (len(learns) // 512 + 1))
    parts: dict[str, Stateful] = {"student": student, "optimiser": optimiser, "schedule": schedule}
    for epoch in epochs(count, kept, parts):
        for part in torch.split(learns[torch.randperm(len(learns))], 512):
            loss = 1 - (student(ids[part], known[part]) * targets[part]).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        if epoch % 5 == 4:
            with torch.no_grad():
                close = (student(ids[checks], known[checks]) * targets[checks]).sum(1)
            print(f"epoch {epoch + 1}: loss {loss.item():.3f}, cosine on unseen phrases {close.mean():.3f}", flush=True)  # noqa: T201


def save(student: Student, vocabulary: list[str], out: Path) -> None:
    """Write vocabulary and 8-bit table."""
    table = student.table.weight.detach()
    steps = table.abs().amax(1, keepdim=True) / 127 + 1e-9
    tensors = {
        "table": (table / steps).round().to(torch.int8),
        "steps": steps[:, 0],
        "weights": student.weights.weight.detach().exp()[:, 0],
        "map": student.map.detach().half(),
        "offset": student.offset.detach().half(),
    }
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, out / TENSORS)
    (out / DESCRIPTION).write_text(json.dumps({"vocabulary": vocabulary}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
