"""From a PyTorch model's folder to two ONNX files that run without torch: an encoder and a prompt decoder.

Traced in float32 with opset 18. The number of prompt tokens is free, all else is fixed. The decoder holds the paths to
one and to several masks; they differ in their last slices only, and onnxruntime merges what they share.
"""

from __future__ import annotations

import importlib
import json
import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from backend.errors import BadInput
from backend.protocol import codes

from . import weights
from .onnx_format import DECODER, DESCRIPTION, ENCODER, ONE, PIXELS, PROMPTS, SEVERAL, describe, feature_names
from .preprocess import InputFormat
from .spec import ModelSpec, Weights

OPSET = 18
LARGEST = 2_000_000_000
"""Bytes a single ONNX file may have."""


def export_onnx(spec: ModelSpec, source: Path, target: Path) -> tuple[Path, ...]:
    """Export the model in the folder `source` to the folder `target`, which appears whole; return the files.

    A target `onnx-NAME` in the models folder is a model of its own from then on: its manifest is written too.

    Raises:
        BadInput: the model has no parts to export, is too large for one file, or `target` holds something else.
        Unavailable: its weights cannot be read.
    """
    if target.exists() and not (target / DESCRIPTION).is_file():
        raise BadInput(codes.OUTPUT_UNWRITABLE, f"{target.name} exists and is no exported model; name a new folder.")
    part = target.with_name(f"{target.name}.export")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        names = _write_all(spec, source, part)
        origin, revision = (spec.weights.repo, spec.weights.revision) if spec.weights else ("", "")
        result = replace(spec, id=target.name, weights=Weights((), spec.licence, origin))
        found = tuple(weights.measure(part / name) for name in names)
        weights.publish(part, result, target.parent, "export", revision, found)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return tuple(target / name for name in names)


class DecoderGraph(nn.Module):
    """A decoder whose every input is a tensor: `has_mask` 0 stands for no earlier mask."""

    def __init__(self, decoder: Any) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(
        self, coords: Tensor, labels: Tensor, mask: Tensor, has_mask: Tensor, *features: Tensor
    ) -> tuple[Tensor, ...]:
        """Return masks and scores for one mask, then for several."""
        embedded = self.decoder.prompt_encoder.mask_embed(mask)
        dense = has_mask * embedded + (1 - has_mask) * self.decoder.no_mask()
        sparse = self.decoder.sparse(coords, labels)
        one, three = (self.decoder.masks(features, sparse, dense, several) for several in (False, True))
        return tuple(values[0] for values in (*one, *three))


def _write_all(spec: ModelSpec, source: Path, folder: Path) -> tuple[str, ...]:
    encoder, decoder, form = _parts(spec, source)
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every size it takes as fixed, and they are
        pixels = torch.zeros(1, 3, form.side, form.side)
        features = encoder(pixels)
        inner = feature_names(len(features))
        _write(encoder, (pixels,), folder / ENCODER, (PIXELS,), inner)
        prompts, mask_size = _example_prompts(decoder, features)
        free = {"coords": {2: "tokens"}, "labels": {2: "tokens"}}
        graph = DecoderGraph(decoder)
        _write(graph, (*prompts, *features), folder / DECODER, (*PROMPTS, *inner), (*ONE, *SEVERAL), free)
    about = {"title": spec.title, "model": spec.id, "licence": spec.licence, "paper": spec.paper}
    data = {**about, "speed": spec.speed, "hover": spec.hover, **describe(form, mask_size, len(features))}
    (folder / DESCRIPTION).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return ENCODER, DECODER, DESCRIPTION


def _parts(spec: ModelSpec, source: Path) -> tuple[nn.Module, Any, InputFormat]:
    module = importlib.import_module(spec.loader.split(":")[0])
    if not hasattr(module, "parts"):
        raise BadInput(codes.PARAMETER_INVALID, f"{spec.title} cannot be exported; SAM, SAM-HQ, SAM 2.1 and SAM 3 can.")
    encoder, decoder, form = module.parts(source)
    size = sum(4 * parameter.numel() for parameter in encoder.parameters())
    if size > LARGEST:
        detail = (
            f"{spec.title} has {size / 1e9:.1f} GB of weights, more than one ONNX file holds; export a smaller one."
        )
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return encoder.eval(), decoder.eval(), form


def _example_prompts(decoder: Any, features: tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], tuple[int, int]]:
    coords, labels = torch.full((1, 1, 2, 2), 5.0), torch.tensor([[[1, 0]]])
    masks, _ = decoder(features, coords, labels, None, False)
    mask_size = int(masks.shape[-2]), int(masks.shape[-1])
    return (coords, labels, torch.zeros(1, 1, *mask_size), torch.zeros(1)), mask_size


def _write(
    graph: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    free: dict[str, Any] | None = None,
) -> None:
    torch.onnx.export(
        graph,
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=free,
        opset_version=OPSET,
        dynamo=False,
    )
