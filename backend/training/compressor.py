"""A compressor of one's own: features of several embedders and dates to at most 1024 numbers a place.

    python -m backend.training.compressor --images t1.tif t2.tif --models mini rcf --out compressor
    python -m backend.training.compressor --features a.parquet b.parquet --out compressor
    python -m backend compress a.parquet b.parquet --with compressor --out c.parquet

The recipe of KTH and Friends in the Embed2Scale challenge, with its numbers: AdamW at 1e-4 with a decay of 0.05,
batches of 32, 160 epochs, a tenth of the rate after 60 % and again after 90 % of them. No labels are needed. Vectors
are joined by id and taken at unit length; one embedder's dates are given in the order of time. A tenth of the places
is kept out to say how much of each embedder's features the decoders bring back; `--held 0` trains on all, as they did.
Stopped, the same command goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor

from backend.errors import ToposcopeError
from backend.geo.atomic import Batch
from backend.models.compressor import CARD, TENSORS, Floats, Input, side_by_side, write_card
from backend.models.compressor_network import HIDDEN, WIDTH, CompressorNetwork, column_weights
from backend.tasks.compress import inputs_of, joined, read_tables
from backend.training.compressor_features import make_features
from backend.training.devices import add_device, chosen
from backend.training.epochs import epochs

BATCH, EPOCHS, RATE, DECAY = 32, 160, 1e-4, 0.05
MILESTONES, SLOWER = (0.6, 0.9), 0.1
KEPT_EVERY = 10


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    args = _arguments(argv)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        paths = args.features or make_features(args.images, args.models, args.size, args.stride, args.out / "features")
        tables = read_tables([path.absolute() for path in paths])
        rows = joined(tables)
        vectors = [table.vectors[kept] for table, kept in zip(tables, rows, strict=True)]
        inputs = inputs_of(tables)
        weights = _weights(inputs, args.weight)
    except ToposcopeError as error:
        sys.exit(error.detail)
    device = chosen(args.device)
    held = drawn_out(len(vectors[0]), args.held, args.seed)
    run = Run(inputs, vectors, held, weights, args.width, args.hidden, args.seed, device)
    about = {name: getattr(args, name) for name in ("seed", "epochs", "batch", "rate")}
    asked = repr((inputs, held.tolist(), weights, args.width, args.hidden, about))
    unfinished = args.out / f"{hashlib.sha256(asked.encode()).hexdigest()[:12]}.unfinished"
    run.fit(args.epochs, args.batch, args.rate, unfinished)
    run.write(args.out, about)
    unfinished.unlink(missing_ok=True)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--features", type=Path, nargs="+", metavar="V.parquet", help="vectors by id, a file each")
    source.add_argument("--images", type=Path, nargs="+", metavar="T.tif", help="dates of one place, to be embedded")
    parser.add_argument("--models", nargs="+", default=["mini"], metavar="ID", help="embedders of --images")
    parser.add_argument("--size", type=int, default=128, metavar="N", help="side of a chip of --images")
    parser.add_argument("--stride", type=int, metavar="N", help="from chip to chip (default: the chip's side)")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--width", type=int, default=WIDTH, choices=range(1, WIDTH + 1), metavar="1..1024")
    parser.add_argument("--hidden", type=int, default=HIDDEN, metavar="N", help="default: %(default)s")
    weight = "what an embedder's error weighs (default: 1 for each); may be repeated"
    parser.add_argument("--weight", action="append", default=[], metavar="MODEL=W", help=weight)
    parser.add_argument("--held", type=float, default=0.1, metavar="SHARE", help="of the places, kept out to check")
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help="default: %(default)s")
    parser.add_argument("--batch", type=int, default=BATCH, metavar="N", help="default: %(default)s")
    parser.add_argument("--rate", type=float, default=RATE, metavar="R", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1337, metavar="N", help="default: %(default)s")
    add_device(parser)
    return parser.parse_args(argv)


def _weights(inputs: Sequence[Input], texts: Sequence[str]) -> dict[str, float]:
    """Return what each embedder weighs, by its id; a name that no input has ends the command."""
    weights = dict.fromkeys((one.model for one in inputs), 1.0)
    for text in texts:
        name, _, number = text.partition("=")
        if name not in weights:
            sys.exit(f"--weight {text!r} names none of the embedders, which are {', '.join(weights)}.")
        weights[name] = float(number)
    return weights


def drawn_out(count: int, share: float, seed: int) -> NDArray[np.bool_]:
    """Return which of `count` places are kept out, a `share` of them."""
    return np.random.default_rng(seed).permutation(count) < round(share * count)


class Run:
    """One training: features, the network, and which places are kept out."""

    def __init__(
        self,
        inputs: Sequence[Input],
        vectors: Sequence[Floats],
        held: NDArray[np.bool_],
        weights: dict[str, float],
        width: int,
        hidden: int,
        seed: int,
        device: torch.device,
    ) -> None:
        """Take unit `vectors` (n, width), one an input, of the same places, of which those `held` (n,) do not teach."""
        torch.manual_seed(seed)
        self._inputs, self._weights, self._device = list(inputs), weights, device
        features = side_by_side(vectors)
        self._held, self._taught = (torch.from_numpy(features[rows]) for rows in (held, ~held))
        self.network = CompressorNetwork(features.shape[1], hidden, width)
        self.network.decoders.bias.data = self._taught.mean(0)  # learning what all places share would take long
        self.network.to(device)
        names = list(weights)
        owners, widths = [names.index(one.model) for one in inputs], [one.width for one in inputs]
        self._per_column = column_weights(owners, widths, list(weights.values())).to(device)

    def fit(self, count: int, batch: int = BATCH, rate: float = RATE, kept: Path | None = None) -> list[float]:
        """Train for `count` epochs, stopped ones from `kept` on; return each epoch's mean loss."""
        optimiser = torch.optim.AdamW(self.network.parameters(), rate, weight_decay=DECAY)
        ends = [round(share * count) for share in MILESTONES]
        schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, ends, SLOWER)
        parts: dict[str, Any] = {"network": self.network, "optimiser": optimiser, "schedule": schedule}
        taught, losses = self._taught.to(self._device), []
        for epoch in epochs(count, kept, parts, KEPT_EVERY):
            self.network.train()
            total = torch.zeros((), device=self._device)
            for rows in torch.split(torch.randperm(len(taught)), batch):
                features = taught[rows]
                optimiser.zero_grad()
                loss = self._loss(features)
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                total += loss.detach() * len(rows)
            schedule.step()
            losses.append(total.item() / len(taught))
            if epoch % 10 == 9:
                sys.stdout.write(f"epoch {epoch + 1}: loss {losses[-1]:.4f}\n")
                sys.stdout.flush()
        return losses

    def _loss(self, features: Tensor) -> Tensor:
        wrong: Tensor = self.network.decoders(self.network(features)) - features
        return (wrong.square() @ self._per_column).mean()

    @torch.no_grad()
    def brought_back(self) -> dict[str, dict[str, float]]:
        """Return, for places taught and kept out, how much of the variance of each embedder's features comes back."""
        self.network.eval()
        answer: dict[str, dict[str, float]] = {}
        for title, features in (("taught", self._taught), ("held", self._held)):
            if len(features) < 2:
                continue
            decode: Callable[[Tensor], Tensor] = self.network.decoders
            parts = [decode(self.network(part.to(self._device))).cpu() for part in torch.split(features, 1024)]
            left = (torch.cat(parts) - features).square().sum(0)
            total = (features - self._taught.mean(0)).square().sum(0)
            starts = np.cumsum([0, *(one.width for one in self._inputs)])
            columns: dict[str, list[int]] = {name: [] for name in self._weights}
            for one, start in zip(self._inputs, starts, strict=False):
                columns[one.model] += range(int(start), int(start) + one.width)
            answer[title] = {
                name: round(1 - float(left[where].sum() / total[where].sum()), 4) for name, where in columns.items()
            }
        return answer

    def write(self, folder: Path, about: dict[str, Any]) -> None:
        """Write the weights and the card into `folder`, together."""
        tensors = {name: value.cpu().contiguous() for name, value in self.network.state_dict().items()}
        data = save(tensors)
        found = self.brought_back()
        hidden, width = self.network.code.weight.shape[::-1]
        more = {"hidden": hidden, "weights": self._weights, "brought_back": found, **about}
        more["places"] = {"taught": len(self._taught), "held": len(self._held)}
        with Batch() as files:
            files.add(folder / TENSORS, data)
            files.add(folder / CARD, write_card(self._inputs, width, hashlib.sha256(data).hexdigest(), more))
        sys.stdout.write(f"{folder / TENSORS} is written; share of the features' variance brought back: {found}\n")


if __name__ == "__main__":
    main()
