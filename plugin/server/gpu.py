"""Which build of torch suits the graphics driver. The driver is asked, nothing is imported."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import List, Tuple

from . import process
from .text import translate

NEWEST_BUILDS = [(580, "cu130"), (525, "cu126")]
"""The lowest driver version a CUDA build of the pinned torch runs on, newest first (it has none for CUDA 12.8)."""
SMALLEST_MEMORY = 3500
OLDEST_ON_CU130 = (7, 5)
NEWEST_ON_CU126 = (9, 0)
OLDEST = (5, 0)


@dataclass(frozen=True)
class Gpu:
    """One NVIDIA device: driver's major version, compute capability, memory in MiB."""

    name: str
    driver: int
    capability: Tuple[int, int]
    memory: int


def find() -> List[Gpu]:
    """Return the NVIDIA devices, best first; none where the driver's tool is absent or fails."""
    windows = Path(os.environ.get("SYSTEMROOT", ""), "System32", "nvidia-smi.exe")
    program = shutil.which("nvidia-smi") or (str(windows) if windows.is_file() else "")
    if not program:
        return []
    query = "--query-gpu=name,driver_version,compute_cap,memory.total"
    status, output = process.capture([program, query, "--format=csv,noheader,nounits"])
    return parse(output) if status == 0 else []


def parse(output: str) -> List[Gpu]:
    """Read nvidia-smi's table; lines it has no numbers for (`[N/A]`) are devices nothing is known of."""
    found = []
    for line in output.splitlines():
        try:
            name, driver, capability, memory = (part.strip() for part in line.rsplit(",", 3))
            major, minor = capability.split(".")
            found.append(Gpu(name, int(driver.split(".")[0]), (int(major), int(minor)), int(memory)))
        except ValueError:
            continue
    return sorted(found, key=lambda gpu: (gpu.capability, gpu.memory), reverse=True)


def choose(gpus: List[Gpu]) -> Tuple[str, str]:
    """Return torch's build (`cpu`, `cu126`, …) for the best of `gpus`, and a sentence that says why."""
    if not gpus:
        return "cpu", translate("Server", "No NVIDIA device was found, so models run on the processor.")
    best = gpus[0]
    build = next((name for driver, name in NEWEST_BUILDS if best.driver >= driver), "cpu")
    if build == "cpu":
        sentence = translate("Server", "The driver of {name} is too old ({driver}; 525 is needed).")
    elif best.capability < OLDEST:
        sentence, build = translate("Server", "{name} is too old for today's torch."), "cpu"
    elif best.memory < SMALLEST_MEMORY:
        sentence, build = translate("Server", "{name} has too little memory ({memory} MiB) for the models."), "cpu"
    elif build == "cu126" and best.capability > NEWEST_ON_CU126:
        sentence, build = translate("Server", "The driver of {name} is too old ({driver}; 580 is needed)."), "cpu"
    else:
        build = "cu126" if best.capability < OLDEST_ON_CU130 else build
        sentence = translate("Server", "Models run on {name} (driver {driver}).")
    return build, sentence.format(name=best.name, driver=best.driver, memory=best.memory)
