"""Proves a full environment: a matrix product in torch on the best device, an ONNX model. Prints facts as JSON."""

# ruff: noqa: TID253 (importing is the proof)
from __future__ import annotations

import json
from typing import Any

import diffusers
import huggingface_hub
import numpy as np
import onnxruntime
import safetensors
import torch
import transformers


def run_torch() -> dict[str, Any]:
    """Multiply on CUDA where torch sees a device, else on the processor; a device that fails is said, not hidden."""
    on_cpu = torch.ones(8, 8) @ torch.ones(8, 8)
    if float(on_cpu.sum()) != 512:
        raise SystemExit("torch computes wrongly")
    found: dict[str, Any] = {"build": torch.version.cuda or "cpu", "device": "cpu", "notice": ""}
    if torch.cuda.is_available():
        try:
            torch.ones(8, 8, device="cuda").matmul(torch.ones(8, 8, device="cuda")).sum().item()
            found["device"] = torch.cuda.get_device_name()
        except RuntimeError as error:
            found["notice"] = str(error).splitlines()[0]
    return found


def run_onnx() -> list[str]:
    """Return onnxruntime's providers after a session was really made; `onnx` writes the model."""
    from onnx import TensorProto, helper

    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "x"], ["y"])],
        "probe",
        [info("x", TensorProto.FLOAT, [2, 2])],
        [info("y", TensorProto.FLOAT, [2, 2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=onnxruntime.get_available_providers())
    x = np.eye(2, dtype=np.float32)
    if not np.allclose(session.run(None, {"x": x})[0], x):
        raise SystemExit("onnxruntime computes wrongly")
    return list(session.get_providers())


if __name__ == "__main__":
    modules = (torch, transformers, diffusers, huggingface_hub, safetensors, onnxruntime, np)
    versions = {module.__name__: module.__version__ for module in modules}
    print(json.dumps({"torch": run_torch(), "providers": run_onnx(), "versions": versions}))  # noqa: T201 (the answer)
