"""Does CUDA work here? Asked of the driver first, then by one small product of matrices on the GPU.

Libraries list devices and providers that they cannot use (onnxruntime names CUDA wherever it was built with it), so
only a result that equals the CPU's counts. The matrices hold small whole numbers: their product is exact in any type
the GPU may pick, and equality is the test.
"""

from __future__ import annotations

import base64
import ctypes
import importlib.util
import sys
from dataclasses import dataclass

import numpy as np

MATMUL_64 = base64.b64decode(
    "CAg6VQoRCgFhCgFiEgF5IgZNYXRNdWwSAWdaEwoBYRIOCgwIARIICgIIQAoCCEBaEwoBYhIOCgwIARIICgIIQAoCCEBiEwoBeRIOCgwIARIICgII"
    "QAoCCEBCBAoAEA0="
)
"""An ONNX model of one operator: y = a @ b, each 64 x 64 float32."""


@dataclass(frozen=True)
class Probe:
    """What was found: `driver` if an NVIDIA driver is there; `problem` and `remedy` are sentences unless it `works`."""

    works: bool
    driver: bool
    name: str = ""
    capability: tuple[int, int] = (0, 0)
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Gpu:
    """The first GPU as its driver describes it."""

    name: str
    memory: int


def probe() -> Probe:
    """Try CUDA with the library models use here: PyTorch where it is installed, else onnxruntime."""
    gpu = first_gpu()
    if gpu is None:
        remedy = "Install the driver from NVIDIA if this machine has such a GPU."
        return Probe(False, False, problem="No NVIDIA driver with a GPU was found.", remedy=remedy)
    if importlib.util.find_spec("torch") is not None:
        return torch_probe()
    return onnxruntime_probe(gpu.name)


def first_gpu() -> Gpu | None:
    """Return the first GPU of the NVIDIA driver, None where there is no driver or no GPU. Takes milliseconds."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    device, name, memory = ctypes.c_int(), ctypes.create_string_buffer(256), ctypes.c_size_t()
    failed = driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(device), 0)
    failed = failed or driver.cuDeviceGetName(name, len(name), device)
    failed = failed or driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    return None if failed else Gpu(name.value.decode(errors="replace"), memory.value)


def cuda_memory() -> tuple[int, int]:
    """Return total and free bytes of the first GPU; without PyTorch the driver tells only the total."""
    if importlib.util.find_spec("torch") is not None:
        import torch

        free, total = torch.cuda.mem_get_info(0)
        return total, free
    gpu = first_gpu()
    return (gpu.memory, gpu.memory) if gpu else (0, 0)


def torch_probe() -> Probe:
    """Multiply on the GPU with PyTorch."""
    import torch

    if torch.version.cuda is None:
        remedy = "Install the Full tier's CUDA variant."
        return Probe(False, True, problem="The installed PyTorch is a build for the CPU.", remedy=remedy)
    if not torch.cuda.is_available():
        problem = f"PyTorch for CUDA {torch.version.cuda} cannot use the NVIDIA driver."
        return Probe(False, True, problem=problem, remedy="Update the driver.")
    name, capability = torch.cuda.get_device_name(0), torch.cuda.get_device_capability(0)
    a, b = _matrices()
    try:
        product = (torch.from_numpy(a).cuda() @ torch.from_numpy(b).cuda()).cpu().numpy()
    except RuntimeError as error:
        return _failed(name, error)
    return _judged(name, capability, product)


def onnxruntime_probe(name: str = "CUDA GPU") -> Probe:
    """Multiply on the GPU with onnxruntime, and see that it was the GPU."""
    import onnxruntime

    wanted = "CUDAExecutionProvider"
    if wanted not in onnxruntime.get_available_providers():
        remedy = "Install the Core tier's CUDA variant."
        return Probe(False, True, problem="The installed onnxruntime is a build for the CPU.", remedy=remedy)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    a, b = _matrices()
    try:
        session = onnxruntime.InferenceSession(MATMUL_64, options, providers=[wanted, "CPUExecutionProvider"])
        if session.get_providers()[0] != wanted:
            problem = "onnxruntime could not load its CUDA libraries."
            return Probe(False, True, problem=problem, remedy="Install the Core tier's CUDA variant again.")
        product = session.run(None, {"a": a, "b": b})[0]
    except Exception as error:  # onnxruntime's errors share no other base
        return _failed(name, error)
    return _judged(name, (0, 0), product)


def _matrices() -> tuple[np.ndarray, np.ndarray]:
    values = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    return values % 7, values % 5


def _judged(name: str, capability: tuple[int, int], product: np.ndarray) -> Probe:
    a, b = _matrices()
    if np.array_equal(product, a @ b):
        return Probe(True, True, name, capability)
    return Probe(False, True, name, problem=f"{name} returned a wrong product of two matrices.", remedy="Restart it.")


def _failed(name: str, error: Exception) -> Probe:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    remedy = "Update the NVIDIA driver, or install the variant made for this GPU."
    return Probe(False, True, name, problem=f"A first calculation on {name} failed ({reason}).", remedy=remedy)
