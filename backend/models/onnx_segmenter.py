"""An exported promptable model run by onnxruntime alone: the Core tier's way to SAM, no torch needed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from backend.device import CUDA, ComputeDevice, cpu
from backend.errors import Unavailable
from backend.memory import threads
from backend.protocol import codes

from .onnx_format import ONE, PIXELS, PROMPTS, SEVERAL, feature_names, files, read_form
from .postprocess import to_crop
from .preprocess import Floats, Geometry, ambiguous, fit, lay_out, normalise, prompt_tokens
from .segmenter import CropPrompts, Decoded, Image, Mask
from .spec import ModelSpec

GPU_PROVIDER, CPU_PROVIDER = "CUDAExecutionProvider", "CPUExecutionProvider"


@dataclass(frozen=True)
class OnnxEmbedding:
    """An encoded crop in main memory."""

    features: tuple[Floats, ...]
    geometry: Geometry

    @property
    def nbytes(self) -> int:
        """Return the bytes of all features."""
        return sum(feature.nbytes for feature in self.features)


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> OnnxSegmenter:
    """Return the exported model in `folder`.

    Raises:
        Unavailable: a file is missing, damaged or of another form.
    """
    encoder, decoder, description = files(folder)
    try:
        described = json.loads(description.read_text(encoding="utf-8"))
        sessions = [open_session(path, device.kind == CUDA) for path in (encoder, decoder)]
        return OnnxSegmenter(described, sessions[0], sessions[1], _where(sessions, device))
    except Exception as error:  # onnxruntime's errors share no other base
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        detail = f"The exported model {folder.name} cannot be used ({reason}); export it again."
        raise Unavailable(codes.WEIGHTS_MISMATCH, detail) from error


class OnnxSegmenter:
    """A `Segmenter` of two onnxruntime sessions.

    Attributes:
        device: where the sessions really run.
    """

    def __init__(self, described: dict[str, Any], encoder: Any, decoder: Any, device: ComputeDevice) -> None:
        self.form = read_form(described)
        self.input_size = self.form.side
        self.device = device
        self._encoder, self._decoder = encoder, decoder
        self._feature_names = feature_names(described["features"])
        self._no_mask = np.zeros((1, 1, *described["mask_size"]), np.float32)

    @property
    def notice(self) -> str:
        """Return what a person should know about where this model runs; empty when all is as asked."""
        return self.device.notice

    def encode(self, image: Image, valid: Mask) -> OnnxEmbedding:
        """Encode a crop (height, width, 3) uint8 with its valid pixels."""
        geometry = lay_out((image.shape[0], image.shape[1]), self.form)
        pixels = normalise(*fit(image, valid, geometry), self.form.normalisation)
        return OnnxEmbedding(tuple(self._encoder.run(self._feature_names, {PIXELS: pixels})), geometry)

    def decode(self, embedding: OnnxEmbedding, prompts: CropPrompts) -> Decoded:
        """Return the best mask for the prompts at the crop's size."""
        coords, labels = prompt_tokens(prompts, embedding.geometry, self.form)
        given = prompts.logits is not None
        mask = self._no_mask if prompts.logits is None else prompts.logits[None, None]
        tensors = (coords, labels, mask, np.array([given], np.float32))
        sent = dict(zip((*PROMPTS, *self._feature_names), (*tensors, *embedding.features), strict=True))
        masks, scores = self._decoder.run(SEVERAL if ambiguous(prompts) else ONE, sent)
        best = int(scores.argmax())
        # a regression head without a bound of its own may leave 0..1 by a little
        score = float(np.clip(scores[best], 0, 1))
        return Decoded(to_crop(masks[best], embedding.geometry), score, masks[best])

    def close(self) -> None:
        """Free the sessions."""
        self._encoder = self._decoder = None


def open_session(path: Path, gpu: bool) -> Any:
    """Return a session on the GPU if wanted and possible; what it got is told by its `get_providers()`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.log_severity_level = 4  # a provider that cannot be loaded is told by `_where`, in a sentence
    wanted = [GPU_PROVIDER] if gpu and GPU_PROVIDER in onnxruntime.get_available_providers() else []
    return onnxruntime.InferenceSession(str(path), options, providers=[*wanted, CPU_PROVIDER])


def _where(sessions: list[Any], wanted: ComputeDevice) -> ComputeDevice:
    on_gpu = all(session.get_providers()[0] == GPU_PROVIDER for session in sessions)
    if wanted.kind != CUDA or on_gpu:
        return wanted
    return cpu(
        f"{wanted.name} was chosen, but the installed onnxruntime cannot use it. Install the Core tier's CUDA variant. "
        "The CPU is used."
    )
