"""EuroSAT from frozen vectors: logistic regression and 5-shot nearest neighbours, on the fifth never trained on."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import torch
from PIL import Image

from backend.models.geoembed import GeoEmbed
from backend.training.phrases import held_out

PATCHES, KERNELS, COMPONENTS = 3, 512, 256


def measure(model, args):
    """Return accuracy of every embedder on the same chips; four fifths of them teach, the held-out fifth checks."""
    if not (args.data / "eurosat.zip").is_file():
        return {"left out": "there is no eurosat.zip"}
    chips, classes, held = read(args.data / "eurosat.zip", args.chips, args.seed)
    embedders = {
        "mini": lambda x: np.stack([model.embed(chip)[0] for chip in x]),
        "colour statistics": colours,
        "RCF + PCA": lambda x: features(x, chips[~held], args.seed),
    }
    if args.geoembed:
        aerial = GeoEmbed(args.geoembed, 128)
        embedders["geoembed"] = lambda x: np.stack([aerial.embed(chip)[0] for chip in x])
    answer = {"chips": len(chips), "held": int(held.sum())}
    for name, embed in embedders.items():
        vectors = embed(chips).astype(np.float32)
        answer[name] = {
            "accuracy": round(probe(vectors[~held], classes[~held], vectors[held], classes[held]), 4),
            "5-shot": round(few(vectors[~held], classes[~held], vectors[held], classes[held], args.seed), 4),
        }
    return answer


def read(path, count, seed):
    """Return chips, classes and whether each is held out, drawn at random, or all where `count` is 0."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        order = np.random.default_rng(seed).permutation(len(names))
        names = [names[i] for i in order[: count or len(names)]]
        chips = np.stack([np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in names])
    kinds = sorted({name.split("/")[0] for name in names})
    classes = np.array([kinds.index(name.split("/")[0]) for name in names])
    return chips, classes, np.array([held_out(name.split("/")[1]) for name in names])


def colours(chips):
    """Return mean and spread of each band, and three quantiles."""
    flat = chips.reshape(len(chips), -1, 3).astype(np.float32)
    return np.concatenate([flat.mean(1), flat.std(1), *np.quantile(flat, (0.1, 0.5, 0.9), axis=1)], 1)


def features(chips, source, seed):
    """Return random convolutional features (Rolf et al. 2021) with random patches as kernels, reduced by PCA."""
    drawn = np.random.default_rng(seed)
    places = zip(
        drawn.integers(len(source), size=KERNELS), *drawn.integers(64 - PATCHES, size=(2, KERNELS)), strict=True
    )
    kernels = np.stack([source[i, r : r + PATCHES, c : c + PATCHES] for i, r, c in places]).astype(np.float32) / 255
    flat = kernels.reshape(KERNELS, -1)
    flat = (flat - flat.mean(0)) / (flat.std(0) + 1e-3)
    weight = torch.from_numpy(flat.reshape(kernels.shape)).permute(0, 3, 1, 2)
    found = []
    for part in np.array_split(chips, max(1, len(chips) // 64)):
        response = torch.nn.functional.conv2d(torch.from_numpy(part).permute(0, 3, 1, 2).float() / 255, weight)
        found.append(torch.cat([torch.relu(response).mean((2, 3)), torch.relu(-response).mean((2, 3))], 1))
    values = torch.cat(found)
    values = (values - values.mean(0)) / (values.std(0) + 1e-6)
    axes = torch.linalg.svd(values[:4000], full_matrices=False)[2][:COMPONENTS]
    return (values @ axes.T).numpy()


def probe(vectors, classes, tests, truths):
    """Return the accuracy of multinomial logistic regression, its penalty chosen on a part of the teaching chips."""
    middle, spread = vectors.mean(0), vectors.std(0) + 1e-6
    x, t = (torch.from_numpy((v - middle) / spread) for v in (vectors, tests))
    y = torch.from_numpy(classes)
    cut = len(x) * 4 // 5
    scores = {
        c: float((_fit(x[:cut], y[:cut], c)(x[cut:]).argmax(1) == y[cut:]).float().mean()) for c in (1e-4, 1e-3, 1e-2)
    }
    best = max(scores, key=scores.get)
    return float((_fit(x, y, best)(t).argmax(1).numpy() == truths).mean())


def _fit(x, y, penalty):
    layer = torch.nn.Linear(x.shape[1], int(y.max()) + 1)
    torch.nn.init.zeros_(layer.weight)
    optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(layer(x), y) + penalty * (layer.weight**2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return layer


def few(vectors, classes, tests, truths, seed, shots=5, rounds=10):
    """Return the mean accuracy of the nearest of five chips a class, over several draws."""
    drawn = np.random.default_rng(seed)
    middle, spread = vectors.mean(0), vectors.std(0) + 1e-6
    x, t = ((v - middle) / spread for v in (vectors, tests))
    x, t = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, t))
    hits = []
    for _ in range(rounds):
        picked = np.concatenate([drawn.permutation(np.nonzero(classes == c)[0])[:shots] for c in np.unique(classes)])
        hits.append((classes[picked][(t @ x[picked].T).argmax(1)] == truths).mean())
    return float(np.mean(hits))
