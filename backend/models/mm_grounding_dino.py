"""MM-Grounding-DINO: Zhao et al., 2024 (arXiv:2401.02361), and LLMDet: Fu et al., CVPR 2025 (arXiv:2501.18954).

Grounding DINO trained anew, with a learned bias of the scores; LLMDet is the same network taught with captions.
"""

from __future__ import annotations

from pathlib import Path

from transformers import MMGroundingDinoForObjectDetection

from backend.device import ComputeDevice

from . import phrase_tokens
from .fallback_detector import FallbackDetector
from .grounding_dino import OWN_ATTENTION, GroundingDetector
from .spec import ModelSpec
from .torch_runtime import from_folder


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackDetector:
    """Return MM-Grounding-DINO or LLMDet with the weights in `folder`."""
    return FallbackDetector(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> GroundingDetector:
    """Return the model on exactly `device`."""
    model = from_folder(MMGroundingDinoForObjectDetection, folder, OWN_ATTENTION)
    return GroundingDetector(model, phrase_tokens.from_folder(folder), spec, device)
