"""Stage 1: the training set as one file under 60 MiB.

    python -m backend.training.pack --data DIR --out build/training/pack.zip

Places held out of all training are left out here: Dubai tiles 3 and 8, the last Banepa columns and every fifth
EuroSAT picture. What is not in the pack cannot be trained on. Riverside's trees are there as what clicks and the word
"tree" learn from, but not as points: the pixel decoder never sees that city.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from rasterio.features import rasterize
from rasterio.warp import transform_geom

from backend.training.objects import even_pieces, parts_of_classes
from backend.training.phrases import SCENES, held_out

HELD_DUBAI = ("tile3", "tile8")
HELD_BANEPA = "OAM-386692"
HELD_TREES = "riverside"
MOSAIC = 32
LIMIT = 60 * 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """One packed picture: its kind decides how its label is read."""

    name: str
    kind: str
    metres: float


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    pack(args.data, args.out)
    print(f"{args.out}: {args.out.stat().st_size / 2**20:.1f} MiB")  # noqa: T201


def pack(data: Path, out: Path) -> None:
    """Write the pack; raise ValueError where it comes out above the limit."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        entries = []
        for entry, image, label in _labelled(data):
            entries.append(asdict(entry))
            target.writestr(f"{entry.name}.jpg", _jpeg(image))
            target.writestr(f"{entry.name}.png", _png(label))
            target.writestr(f"{entry.name}_objects.png", _png(_objects(entry.kind, image, label)))
        for points in sorted((data / "naip_trees" / "points").glob("*.csv")):
            if not points.name.startswith(HELD_TREES):
                target.write(points, f"naip_{points.stem}_points.csv")
        scenes = list(_eurosat(data / "eurosat.zip"))
        for index, (mosaic, classes) in enumerate(scenes):
            target.writestr(f"eurosat_{index}.jpg", _jpeg(mosaic))
            target.writestr(f"eurosat_{index}.json", json.dumps(classes))
        target.writestr("index.json", json.dumps({"entries": entries, "eurosat": len(scenes)}))
    if out.stat().st_size > LIMIT:
        raise ValueError(f"{out} is {out.stat().st_size / 2**20:.1f} MiB, above {LIMIT / 2**20:.0f}")


Labelled = tuple[Entry, NDArray[np.uint8], NDArray[np.uint16]]


def _labelled(data: Path) -> Iterator[Labelled]:
    yield from _dubai(data / "dubai")
    yield from _banepa(data / "banepa")
    for path in sorted((data / "naip_trees" / "images").glob("*.tif")):
        with rasterio.open(path) as source:
            image = source.read((1, 2, 3)).transpose(1, 2, 0)
        trees = data / "naip_trees" / "points" / f"{path.stem}.csv"
        kind = "trees" if trees.exists() else "none"
        points = np.loadtxt(trees, delimiter=",", skiprows=1, ndmin=2) if trees.exists() else np.zeros((0, 2))
        yield Entry(f"naip_{path.stem}", kind, 0.6), image, _discs(points, image.shape[:2])
    for path in sorted((data / "sentinel2").glob("*.tif")):
        with rasterio.open(path) as source:
            bands = source.read((4, 3, 2)).astype(np.float32)
        low, high = (np.percentile(bands, q, axis=(1, 2), keepdims=True) for q in (1, 99))
        image = np.clip((bands - low) / (high - low + 1) * 255, 0, 255).astype(np.uint8).transpose(1, 2, 0)
        yield Entry(f"s2_{path.stem}", "none", 10.0), image, np.zeros(image.shape[:2], np.uint16)
    for path in sorted((data / "banepa" / "unlabelled").glob("*.tif")):
        with rasterio.open(path) as source:
            image = source.read((1, 2, 3)).transpose(1, 2, 0)
        yield Entry(f"banepa_{path.stem}", "none", 0.13), image, np.zeros(image.shape[:2], np.uint16)


def _objects(kind: str, image: NDArray[np.uint8], label: NDArray[np.uint16]) -> NDArray[np.uint16]:
    if kind == "instances":
        return label
    return (parts_of_classes(label.astype(np.int32)) if kind == "classes" else even_pieces(image)).astype(np.uint16)


def _dubai(folder: Path) -> Iterator[Labelled]:
    for path in sorted((folder / "images").glob("*.jpg")):
        if not path.name.startswith(HELD_DUBAI):
            label = np.asarray(Image.open(folder / "masks" / f"{path.stem}.png")).astype(np.uint16)
            yield Entry(f"dubai_{path.stem}", "classes", 0.4), np.asarray(Image.open(path).convert("RGB")), label


def _banepa(folder: Path) -> Iterator[Labelled]:
    shapes = [f["geometry"] for f in json.loads((folder / "buildings.geojson").read_text())["features"]]
    for path in sorted((folder / "images").glob("*.tif")):
        if path.name.startswith(HELD_BANEPA):
            continue
        with rasterio.open(path) as source:
            image = source.read((1, 2, 3)).transpose(1, 2, 0)
            burnt = [(transform_geom("EPSG:4326", source.crs, shape), i + 1) for i, shape in enumerate(shapes)]
            label = rasterize(burnt, image.shape[:2], transform=source.transform, dtype="int32").astype(np.uint16)
        yield Entry(f"banepa_{path.stem}", "instances", 0.13), image, label


def _discs(points: NDArray[np.float64], shape: tuple[int, int], radius: float = 3.0) -> NDArray[np.uint16]:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    label = np.zeros(shape, np.uint16)
    for x, y in points:
        label[(columns - x) ** 2 + (rows - y) ** 2 <= radius**2] = 1
    return label


def _eurosat(path: Path) -> Iterator[tuple[NDArray[np.uint8], list[int]]]:
    names = list(SCENES)
    with zipfile.ZipFile(path) as archive:
        files = [n for n in archive.namelist() if n.endswith(".jpg") and not held_out(Path(n).name)]
        files = [files[i] for i in np.random.default_rng(0).permutation(len(files))]
        for start in range(0, len(files), MOSAIC**2):
            mosaic, classes = np.zeros((MOSAIC * 64, MOSAIC * 64, 3), np.uint8), []
            for index, name in enumerate(files[start : start + MOSAIC**2]):
                row, column = 64 * (index // MOSAIC), 64 * (index % MOSAIC)
                mosaic[row : row + 64, column : column + 64] = np.asarray(Image.open(io.BytesIO(archive.read(name))))
                classes.append(names.index(name.split("/")[0]))
            yield mosaic, classes


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    memory = io.BytesIO()
    Image.fromarray(image).save(memory, "JPEG", quality=88)
    return memory.getvalue()


def _png(label: NDArray[np.uint16]) -> bytes:
    memory = io.BytesIO()
    Image.fromarray(label).save(memory, "PNG")
    return memory.getvalue()


if __name__ == "__main__":
    main()
