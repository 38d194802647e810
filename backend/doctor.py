"""What works on this machine, and for each thing that does not one sentence on what to do."""

from __future__ import annotations

import platform
import shutil
import subprocess  # nosec B404 # nvidia-smi only, no shell
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from backend import device_probe, memory
from backend.device import AUTO, CPU, choose_device
from backend.errors import ToposcopeError
from backend.models import tiers, weights
from backend.models.registry import Registry
from backend.models.spec import CORE, FULL, ModelSpec
from backend.protocol.defaults import DEFAULT_MODEL

OK, NOTE, BROKEN = "ok", "note", "broken"
PACKAGES = (
    *("numpy", "scipy", "scikit-image", "scikit-learn", "pyarrow", "rasterio", "shapely", "pyogrio", "pyproj"),
    *("starlette", "uvicorn"),
    *("onnxruntime", "onnxruntime-gpu", "torch", "transformers", "diffusers", "huggingface-hub", "safetensors", "onnx"),
)
LOW_DISK, LOW_MEMORY = 2_000_000_000, 2_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `state`: `ok`, `note` (works, could be better) or `broken`; `remedy` says what to do."""

    name: str
    state: str
    found: str
    remedy: str = ""


def examine(registry: Registry, models: Path) -> Iterator[Finding]:
    """Yield what was found, quick things first. Loads torch only where a GPU's driver is there."""
    checks: tuple[Callable[[], Finding], ...] = (_python, _core, _full, _driver, _kernel, _onnxruntime, _memory)
    for check in checks:
        yield check()
    yield _disk(models)
    yield Finding("packages", OK, ", ".join(f"{name} {found}" for name, found in versions().items()))
    yield from (_model(spec, models) for spec in registry if weights.installed(spec, models))
    yield _default(registry, models)


def usable(findings: list[Finding]) -> bool:
    """Return whether Toposcope can work here."""
    return all(finding.state != BROKEN for finding in findings)


def versions() -> dict[str, str]:
    """Return the versions of the packages that matter, as installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _python() -> Finding:
    return Finding("python", OK, f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _core() -> Finding:
    sentence = tiers.why_unavailable(CORE)
    return Finding(
        "core tier", BROKEN if sentence else OK, sentence or "complete", sentence and "Repair the installation."
    )


def _full() -> Finding:
    lacking = ", ".join(tiers.missing(FULL))
    if not lacking:
        return Finding("full tier", OK, "complete")
    remedy = "Install the Full tier in the installation panel to use SAM and its successors."
    return Finding("full tier", NOTE, f"not installed ({lacking})", remedy)


def _driver() -> Finding:
    program = shutil.which("nvidia-smi")
    if program is None:
        gpu = device_probe.first_gpu()
        return Finding("gpu driver", OK, f"NVIDIA, {gpu.name}" if gpu else "none; models run on the CPU")
    query = [program, "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        ran = subprocess.run(query, capture_output=True, text=True, timeout=20, check=False)  # nosec B603 # fixed arguments
    except (OSError, subprocess.TimeoutExpired):
        return Finding(
            "gpu driver", NOTE, "nvidia-smi does not answer", "Restart the machine or reinstall the NVIDIA driver."
        )
    if ran.returncode:
        said = (ran.stdout + ran.stderr).strip().splitlines()
        return Finding("gpu driver", NOTE, said[0] if said else "nvidia-smi failed", "Reinstall the NVIDIA driver.")
    return Finding("gpu driver", OK, "; ".join(ran.stdout.strip().splitlines()))


def _kernel() -> Finding:
    """Run a real product of matrices on the device that `auto` takes."""
    device = choose_device(AUTO)
    found = f"{device.kind}: {device.name}, {device.dtype}, {device.memory / 1e9:.1f} GB"
    return Finding("device", NOTE if device.notice else OK, found, device.notice)


def _onnxruntime() -> Finding:
    """Make a session and ask it what it runs on: the library also lists providers it cannot load."""
    try:
        import onnxruntime
    except ImportError as error:
        return Finding("onnxruntime", BROKEN, f"cannot be imported ({error.name})", "Repair the installation.")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    listed = [name for name in ("CUDAExecutionProvider",) if name in onnxruntime.get_available_providers()]
    wanted = [*listed, "CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(device_probe.MATMUL_64, options, providers=wanted)
    got = session.get_providers()
    lost = [name for name in wanted if name not in got]
    if lost and device_probe.first_gpu():
        remedy = "Install the CUDA variant again, so that onnxruntime finds its libraries."
        return Finding("onnxruntime", NOTE, f"{', '.join(got)} ({lost[0]} is listed but does not load)", remedy)
    return Finding("onnxruntime", OK, ", ".join(got))


def _memory() -> Finding:
    free, total = memory.free_memory(), memory.total_memory()
    low = free < LOW_MEMORY
    remedy = "Close other programs before using large models." if low else ""
    return Finding("memory", NOTE if low else OK, f"{free / 1e9:.1f} of {total / 1e9:.1f} GB free", remedy)


def _disk(models: Path) -> Finding:
    place = next(folder for folder in (models, *models.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    low = free < LOW_DISK
    remedy = "Free some space or move the data folder before downloading models." if low else ""
    return Finding("disk", NOTE if low else OK, f"{free / 1e9:.1f} GB free for models", remedy)


def _model(spec: ModelSpec, models: Path) -> Finding:
    name = f"model {spec.id}"
    try:
        manifest = weights.verify(spec, models)
        tiers.require(spec.tier)
    except ToposcopeError as error:
        return Finding(name, NOTE, "cannot be used", error.detail)
    known = "checksums as in the catalogue" if manifest.pinned else "checksums as recorded on installation"
    return Finding(name, OK, f"verified, {manifest.size / 1e6:.0f} MB, {known}")


def _default(registry: Registry, models: Path) -> Finding:
    """Segment a square with `classic`, which needs no training to find it, and see that the default model answers."""
    import numpy as np

    from backend.models.loaded import LoadedModels
    from backend.models.segmenter import CropPrompts

    image = np.full((64, 64, 3), 40, np.uint8)
    image[16:48, 16:48] = 200
    prompts = CropPrompts(np.array([[32, 32]], np.float32), np.ones(1, np.int32))
    loaded = LoadedModels(registry, models)
    for name in (DEFAULT_MODEL["segment"], "classic"):
        try:
            model = loaded.get(name, CPU)
        except ToposcopeError as error:
            return Finding("segmenting", BROKEN, f"{name} does not load", error.detail)
        mask = model.decode(model.encode(image, np.ones((64, 64), bool)), prompts).logits > 0
    if mask[20:44, 20:44].all() and not mask[:12].any():
        return Finding("segmenting", OK, "a square was found")
    return Finding("segmenting", BROKEN, "a square was not found", "Repair the installation.")
