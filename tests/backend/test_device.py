"""Choosing a device. What this machine has is probed for real; what it lacks is decided from what a probe would say."""

import importlib.util
import subprocess
import sys

import numpy as np
import onnxruntime
import pytest

from backend import device, device_probe
from backend.device import choose_device, decide, dtype_for
from backend.device_probe import MATMUL_64, Probe, first_gpu, onnxruntime_probe, torch_probe
from backend.errors import BadInput
from backend.memory import free_memory, threads, total_memory

NO_GPU = first_gpu() is None
needs_no_gpu = pytest.mark.skipif(not NO_GPU, reason="this machine has an NVIDIA GPU")


def test_the_cpu_is_always_there():
    chosen = choose_device("cpu")
    assert (chosen.kind, chosen.dtype, chosen.notice) == ("cpu", "float32", "")
    assert chosen.name
    assert 0 < chosen.free <= chosen.memory


@needs_no_gpu
def test_cuda_that_is_not_there_is_said():
    chosen = choose_device("cuda")
    assert chosen.kind == "cpu"
    assert chosen.notice.startswith("No NVIDIA driver with a GPU was found. Install the driver")
    assert chosen.notice.endswith("The CPU is used.")
    assert choose_device("auto").notice == ""


def test_unknown_devices_are_refused():
    with pytest.raises(BadInput, match="auto, cpu or cuda, not 'tpu'"):
        choose_device("tpu")


def test_a_device_travels():
    told = device.cpu("why").describe()
    assert (told.kind, told.dtype, told.notice) == ("cpu", "float32", "why")
    assert told.memory == total_memory()


@pytest.mark.parametrize("wanted", ["auto", "cuda"])
def test_a_gpu_that_computes_wrongly_is_not_used_and_said(wanted):
    chosen = decide(wanted, Probe(False, True, problem="The GPU fails.", remedy="Mend it."))
    assert chosen.kind == "cpu"
    assert chosen.notice == "The GPU fails. Mend it. The CPU is used."


def test_a_gpu_that_works_is_used(monkeypatch):
    monkeypatch.setattr(device_probe, "cuda_memory", lambda: (6_000, 5_000))
    chosen = decide("auto", Probe(True, True, "GPU", (7, 5)))
    assert (chosen.kind, chosen.dtype, chosen.memory, chosen.free) == ("cuda", "float16", 6_000, 5_000)
    assert chosen.notice == ""


@pytest.mark.parametrize(
    ("capability", "expected"),
    [((6, 1), "float32"), ((7, 0), "float16"), ((7, 5), "float16"), ((8, 0), "bfloat16"), ((12, 0), "bfloat16")],
)
def test_types_follow_the_capability(capability, expected):
    assert dtype_for(capability) == expected


def test_the_probe_product_is_right_and_a_wrong_one_is_seen():
    a, b = device_probe._matrices()
    assert device_probe._judged("GPU", (8, 0), a @ b).works
    wrong = (a @ b).copy()
    wrong[3, 3] += 1
    assert "wrong product" in device_probe._judged("GPU", (8, 0), wrong).problem
    assert (a @ b).max() < 2**11  # whole numbers this small are exact in every type but bfloat16's output


def test_the_probe_model_multiplies():
    a, b = device_probe._matrices()
    session = onnxruntime.InferenceSession(MATMUL_64, providers=["CPUExecutionProvider"])
    np.testing.assert_array_equal(session.run(None, {"a": a, "b": b})[0], a @ b)


@needs_no_gpu
def test_the_libraries_here_say_why_not():
    assert not onnxruntime_probe().works
    assert not torch_probe().works
    assert torch_probe().problem.startswith("The installed PyTorch is a build for the CPU")


@needs_no_gpu
def test_nothing_heavy_is_imported_without_a_driver():
    code = "import sys\nfrom backend.device import choose_device\nchoose_device('auto')\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert importlib.util.find_spec("torch")


def test_memory_and_threads():
    assert 0 < free_memory() <= total_memory()
    assert threads() >= 1
