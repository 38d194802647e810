"""The machine's memory and cores, from the operating system, standard library only."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path


class _WindowsStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        *(
            (name, ctypes.c_ulonglong)
            for name in ("total", "free", "page", "page_free", "virtual", "virtual_free", "x")
        ),
    )


def total_memory() -> int:
    """Return the bytes of RAM."""
    if platform.system() == "Windows":
        return int(_windows().total)
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def free_memory() -> int:
    """Return the bytes a program could still take without swapping; half of all where the system does not say."""
    if platform.system() == "Windows":
        return int(_windows().free)
    if platform.system() == "Linux":
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    return total_memory() // 2


def threads() -> int:
    """Return how many threads a model takes: one core is left to QGIS, which stalls decoding otherwise.

    Where the system says which cores this process may run on (Linux: containers, `taskset`), only those count.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, cores - 1)


def _windows() -> _WindowsStatus:
    status = _WindowsStatus(length=ctypes.sizeof(_WindowsStatus))
    library = ctypes.CDLL("kernel32")
    library.GlobalMemoryStatusEx(ctypes.byref(status))
    return status
