"""Which device models run on. CUDA that was asked for and cannot be used is never passed over in silence.

Whether a GPU works is decided by running a small kernel on it and comparing with the CPU, not by what a library says
it supports. Nothing heavy is imported before a device is chosen; where there is no NVIDIA driver, nothing heavy is
imported at all.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache

from backend import device_probe
from backend.device_probe import Probe
from backend.errors import BadInput
from backend.memory import free_memory, total_memory
from backend.protocol import codes
from backend.protocol.capabilities import Device

AUTO, CPU, CUDA = DEVICES = "auto", "cpu", "cuda"


@dataclass(frozen=True)
class ComputeDevice:
    """A device that was seen to work.

    Attributes:
        kind: `cpu` or `cuda`.
        name: as the maker calls it.
        dtype: the type encoders run in: `float32`, `float16` or `bfloat16`.
        memory, free: bytes; of the GPU on CUDA, of the machine on the CPU.
        notice: what was asked for and could not be had, why, and what to do; empty when all is as asked.
    """

    kind: str
    name: str
    dtype: str = "float32"
    memory: int = 0
    free: int = 0
    notice: str = ""

    def describe(self) -> Device:
        """Return this device as it travels."""
        return Device(self.kind, self.name, self.memory, self.free, self.dtype, self.notice)


def choose_device(wanted: str = AUTO) -> ComputeDevice:
    """Return the device for `wanted`: `auto` takes a GPU that works, `cuda` says why when it must take the CPU.

    Raises:
        BadInput: `wanted` is none of `auto`, `cpu`, `cuda`.
    """
    if wanted not in DEVICES:
        raise BadInput(codes.PARAMETER_INVALID, f"The device must be auto, cpu or cuda, not {wanted!r}.")
    return cpu() if wanted == CPU else decide(wanted, _probe())


def decide(wanted: str, probe: Probe) -> ComputeDevice:
    """Return the device that follows from what the probe found.

    With `auto`, a machine without an NVIDIA driver is an ordinary one; a driver whose GPU fails is worth a word.
    """
    if probe.works:
        memory, free = device_probe.cuda_memory()
        return ComputeDevice(CUDA, probe.name, dtype_for(probe.capability), memory, free)
    asked = wanted == CUDA
    return cpu(f"{probe.problem} {probe.remedy} The CPU is used." if asked or probe.driver else "")


def dtype_for(capability: tuple[int, int]) -> str:
    """Return the fastest type a CUDA compute capability has: bfloat16 from 8.0, float16 from 7.0."""
    if capability >= (8, 0):
        return "bfloat16"
    return "float16" if capability >= (7, 0) else "float32"


def cpu(notice: str = "") -> ComputeDevice:
    """Return the CPU, with a notice if it stands in for something else."""
    name = platform.processor() or platform.machine()
    return ComputeDevice(CPU, name, "float32", total_memory(), free_memory(), notice)


@cache
def _probe() -> Probe:
    return device_probe.probe()
