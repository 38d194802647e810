"""Full-size SAM 2.1 with random weights through our own path: milliseconds, memory, unloading, a full GPU.

    python -m tests.benchmarks.gpu_segment [--device auto|cpu|cuda] [--models tiny large] [--repeats N] [--json]

Weights are made up, saved as the hub saves them and loaded by the catalogue's loader; times do not depend on their
values. What was run where: on a CPU with two cores, `tiny` in float32 and bfloat16, many times over, since the path
is the same. The CUDA rows, compiled models on CUDA and the memory that really runs out have NOT been run so far: no
GPU was at hand. They are skipped, with the reason, wherever `choose_device` finds no GPU that works.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from transformers import Sam2Model

from backend.device import CUDA, ComputeDevice, choose_device
from backend.models import sam2
from backend.models.segmenter import CropPrompts, Segmenter
from backend.models.spec import FULL, ModelSpec
from tests.backend.models.full_size import HIERAS, sam2_config

SIDE = 1024
MB = 1e6


@dataclass(frozen=True)
class Row:
    """One measurement; milliseconds are medians, memory in MB (of the GPU, or the process's peak on a CPU)."""

    model: str
    device: str
    dtype: str
    compiled: bool
    load_s: float
    encode_ms: float
    decode_ms: float
    embedding_mb: float
    peak_mb: float
    left_mb: float


def save_random(size: str, folder: Path) -> None:
    """Write config.json and model.safetensors of a full-size SAM 2.1 with random weights."""
    torch.manual_seed(0)
    Sam2Model(sam2_config(size)).save_pretrained(folder)


def spec_of(size: str, compiled: bool) -> ModelSpec:
    title = f"SAM 2.1 {size}"
    loader = "backend.models.sam2:load"
    return ModelSpec(size, title, ("segment",), loader, FULL, SIDE, "slow", 0, options={"compile": compiled})


def crop() -> tuple[np.ndarray, np.ndarray]:
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    return image, np.ones((SIDE, SIDE), bool)


def click(x: float = 400.5) -> CropPrompts:
    return CropPrompts(np.array([[x, 500.5]], np.float32), np.array([1], np.int32))


def measure(size: str, folder: Path, device: ComputeDevice, compiled: bool, repeats: int) -> Row:
    """Load, warm up, time encoding and decoding, unload."""
    reset_peak(device)
    started = time.perf_counter()
    model = sam2.load(spec_of(size, compiled), folder, device)
    load_s = time.perf_counter() - started
    image = crop()
    embedding = model.encode(*image)
    for count in (1, 2, 1):
        model.decode(embedding, several_clicks(count))
    encode = [timed(partial(model.encode, *image), device) for _ in range(repeats)]
    clicks = [click(100 + 20.0 * k) for k in range(repeats)]
    decode = [timed(partial(model.decode, embedding, asked), device) for asked in clicks]
    size_mb, peak_mb = embedding.nbytes / MB, peak(device)
    del embedding
    model.close()
    left_mb = held(device)
    times = round(statistics.median(encode), 1), round(statistics.median(decode), 1)
    rounded = (round(value, 1) for value in (size_mb, peak_mb, left_mb))
    return Row(size, device.name, device.dtype, compiled, round(load_s, 2), *times, *rounded)


def several_clicks(count: int) -> CropPrompts:
    points = np.linspace(100, 900, 2 * count, dtype=np.float32).reshape(count, 2)
    return CropPrompts(points, np.ones(count, np.int32))


def timed(work: Callable[[], object], device: ComputeDevice) -> float:
    """Return milliseconds, the GPU's queue included."""
    synchronise(device)
    started = time.perf_counter()
    work()
    synchronise(device)
    return 1000 * (time.perf_counter() - started)


def synchronise(device: ComputeDevice) -> None:
    if device.kind == CUDA:
        torch.cuda.synchronize()


def reset_peak(device: ComputeDevice) -> None:
    gc.collect()
    if device.kind == CUDA:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def peak(device: ComputeDevice) -> float:
    if device.kind == CUDA:
        return torch.cuda.max_memory_allocated() / MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB


def held(device: ComputeDevice) -> float:
    """Return what is left allocated after unloading; on a CPU the resident memory of the process."""
    gc.collect()
    if device.kind == CUDA:
        torch.cuda.empty_cache()
        return torch.cuda.memory_allocated() / MB
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MB


def fill_up(folder: Path, device: ComputeDevice, size: str) -> Segmenter:
    """Give the process too little of the GPU's memory, encode, and return the model that came through it."""
    model = sam2.load(spec_of(size, False), folder, device)
    torch.cuda.empty_cache()
    allowed = torch.cuda.memory_allocated() + 20 * MB
    torch.cuda.set_per_process_memory_fraction(allowed / device.memory)
    try:
        embedding = model.encode(*crop())
        model.decode(embedding, click())
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    return model


def variants(device: ComputeDevice) -> list[tuple[ComputeDevice, bool]]:
    """Return devices with their type, and whether to compile: float32, the half type, and that compiled on CUDA."""
    single = replace(device, dtype="float32")
    half = replace(device, dtype=device.dtype if device.kind == CUDA else "bfloat16")
    return [(single, False), (half, False), *([(half, True)] if device.kind == CUDA else [])]


def table(rows: list[Row]) -> str:
    names = list(asdict(rows[0]))
    lines = [names, *([str(value) for value in asdict(row).values()] for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(names))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--models", nargs="+", choices=tuple(HIERAS), default=["tiny", "large"])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    device = choose_device(args.device)
    notes = [f"torch {torch.__version__}, {torch.get_num_threads()} threads before loading", device.notice]
    rows: list[Row] = []
    for size in args.models:
        if device.kind != CUDA and size != "tiny" and args.models == parser.get_default("models"):
            notes.append(f"SAM 2.1 {size}: skipped, it takes minutes on a CPU; name it with --models to run it.")
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            save_random(size, folder)
            rows += [measure(size, folder, *variant, args.repeats) for variant in variants(device)]
            if device.kind == CUDA:
                notes.append(f"memory full: {fill_up(folder, device, size).notice}")
    if device.kind != CUDA:
        notes.append("compiled models and a full GPU: skipped, no CUDA device works here.")
    notes = [note for note in notes if note]
    print(json.dumps({"rows": [asdict(row) for row in rows], "notes": notes}) if args.json else table(rows))
    if not args.json:
        print("\n".join(notes))


if __name__ == "__main__":
    main()
