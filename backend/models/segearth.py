"""SegEarth-OV: dense class maps from CLIP, without training. Li et al., CVPR 2025 (arXiv:2410.01768).

A crop is seen through overlapping windows. Each gives features of patches, upsampled along the picture's edges, of unit
length; a share of the class token's direction, what all patches have in common, is taken away. Logits are linear in
these features, so that averaging features over windows is averaging logits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from backend.device import CUDA, ComputeDevice

from .attention_relevance import clip_relevance
from .catalog_ground import CLIP
from .clip_text import TextEncoder
from .clip_vision import PatchTower
from .jbu import Upsampler
from .resample import resample
from .segearth_windows import Plan
from .segmenter import Image, Mask
from .torch_runtime import cast_parameters

Floats = NDArray[np.float32]
BIAS = -0.3
SCALE = 50.0
BACKGROUND = "background"
STRIDE = 4
BATCH = 9
FEWEST_PATCHES = 4
Found = Callable[[Tensor], Iterator[Tensor]]
"""Takes a batch of padded windows and yields something of the cells of each."""


class SegEarth:
    """A `Grounder` over CLIP.

    Attributes:
        stride: pixels a feature.
        steps: how often the upsampler doubles; None: as often as the stride needs. All four are as published; two, for
            a stride of 4, take a seventeenth of their time. Finer features than the stride are averaged.
        sharpened: whether the upsampler is used, where there is one.
        bias: how much of the class token's direction is added to each feature; 0 leaves it in.
        background: the word that stands for everything else; scores say how much better a phrase fits than it.
    """

    softmax = True
    """Scores are logits of one softmax over all phrases and a background of 0."""
    attends = True
    """Relevance comes from attention."""
    bands: tuple[str, ...] = ()

    def __init__(
        self,
        clip: Any,
        upsampler: Upsampler | None,
        device: ComputeDevice,
        stride: int = STRIDE,
        steps: int | None = None,
    ) -> None:
        self.stride, self.steps, self.background = stride, steps, BACKGROUND
        self.bias, self.sharpened = BIAS, True
        self._tower, self._text, self._upsampler = PatchTower(clip), TextEncoder(clip), upsampler
        self._device = torch.device(device.kind)
        self._dtype = torch.float16 if device.kind == CUDA else torch.float32
        self._text.to(self._device)
        cast_parameters(self._tower.to(self._device), self._dtype)
        if upsampler:
            upsampler.to(self._device)
        self.input_size = 2 * self._tower.window
        self.width = self.dense_width = int(self._tower.projection.out_features)
        statistics = CLIP.mean, CLIP.std
        self._mean, self._std = (torch.tensor(v, device=self._device).view(1, 3, 1, 1) * 255 for v in statistics)

    @property
    def upsampled(self) -> bool:
        """Return whether features follow the picture's edges."""
        return self._upsampler is not None

    @torch.inference_mode()
    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return (channels, ceil(h / stride), ceil(w / stride)) of a crop (h, w, 3)."""
        return self._mean_of(image, valid, None)

    @torch.inference_mode()
    def logits(self, image: Image, valid: Mask, phrases: Floats) -> Floats:
        """Return `scores(dense(image, valid), phrases)` without ever holding more features than one window's."""
        return self._mean_of(image, valid, torch.from_numpy(self._questions(phrases)).to(self._device))

    def relevance(self, image: Image, valid: Mask, phrases: Floats) -> Floats:
        """Return how much each cell has to do with the phrases, 0 to 1: where attention rises for the best of them."""
        questions = torch.from_numpy(self._questions(phrases)).to(self._device)

        def found(batch: Tensor) -> Iterator[Tensor]:
            size = int(batch.shape[-2]) // self.stride, int(batch.shape[-1]) // self.stride
            for index in range(len(batch)):
                patches = clip_relevance(self._tower, batch[index : index + 1].to(self._dtype), questions)
                yield nn.functional.interpolate(patches[None, None], size, mode="nearest")[0]

        return np.asarray(self._averaged(image, valid, 1, found)[0])

    def phrases(self, phrases: list[str]) -> Floats:
        """Return unit vectors (n, channels) of words.

        Raises:
            BadInput: PROMPT_INVALID, words CLIP cannot read.
        """
        return np.asarray(self._text(phrases).cpu().numpy(), np.float32)

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return (n, h, w): the logits of a softmax over `phrases` whose logit of the background is 0."""
        return np.asarray(np.tensordot(self._questions(phrases), dense, axes=1), np.float32)

    @torch.inference_mode()
    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return CLIP's own unit vector of a picture, which is squeezed to a square; it has no weights of scales."""
        side = self._tower.window
        shown = np.ones(image.shape[:2], np.bool_) if valid is None else valid
        pixels = self._normalised(resample(np.where(shown[..., None], image, 0), (side, side)), None)
        vector = nn.functional.normalize(self._tower.embed(pixels.to(self._dtype)).float(), dim=-1)
        return vector[0].cpu().numpy(), np.empty(0, np.float32)

    def close(self) -> None:
        """Free the weights."""
        del self._tower, self._text, self._upsampler
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _questions(self, phrases: Floats) -> Floats:
        return np.asarray(SCALE * (phrases - self.phrases([self.background])), np.float32)

    def _plan(self) -> Plan:
        window, patch = self._tower.window, self._tower.patch
        return Plan(window, window // 2, patch, FEWEST_PATCHES * patch, self.stride)

    def _mean_of(self, image: Image, valid: Mask, questions: Tensor | None) -> Floats:
        """Return features, or what `questions` (n, channels) make of them, averaged over the windows."""
        bands = self._tower.projection.out_features if questions is None else len(questions)

        def found(batch: Tensor) -> Iterator[Tensor]:
            for features in self._features(batch):
                yield features if questions is None else torch.tensordot(questions, features, 1)

        return self._averaged(image, valid, bands, found)

    def _averaged(self, image: Image, valid: Mask, bands: int, found: Found) -> Floats:
        """Return (bands, rows, columns): what `found` says of the cells of windows, averaged over these."""
        plan = self._plan()
        pixels = plan.whole(self._normalised(image, valid))
        shape = plan.cells(image.shape[0]), plan.cells(image.shape[1])
        total, count = torch.zeros(bands, *shape, device=self._device), torch.zeros(shape, device=self._device)
        for place, values in self._windows(pixels, plan, found):
            total[:, *place] += values
            count[place] += 1
        return np.asarray((total / count).cpu().numpy(), np.float32)

    def _windows(self, pixels: Tensor, plan: Plan, found: Found) -> Iterator[tuple[tuple[slice, slice], Tensor]]:
        """Yield each window's cells and what is found in them, (bands, rows, columns)."""
        windows = plan.windows(int(pixels.shape[-2]), int(pixels.shape[-1]))
        for start in range(0, len(windows), BATCH):
            some = windows[start : start + BATCH]
            batch = torch.cat([pixels[..., rows, columns] for rows, columns in some])
            height, width = batch.shape[-2:]
            left, right, top, bottom = plan.padding(int(height), int(width))
            batch = nn.functional.pad(batch, (left, right, top, bottom))
            inside = plan.in_cells(slice(top, top + height)), plan.in_cells(slice(left, left + width))
            for (rows, columns), values in zip(some, found(batch), strict=True):
                yield (plan.in_cells(rows), plan.in_cells(columns)), values[:, *inside]

    def _features(self, batch: Tensor) -> Iterator[Tensor]:
        """Yield the features (channels, rows, columns) of each window of a batch."""
        patches, shared = self._tower(batch.to(self._dtype))
        for index in range(len(batch)):
            found = self._upsampled(patches[index : index + 1].float(), batch[index : index + 1])[0]
            found += self.bias * nn.functional.normalize(shared[index].float(), dim=0)[:, None, None]
            yield found

    def _upsampled(self, patches: Tensor, picture: Tensor) -> Tensor:
        """Return unit features (1, channels, h / stride, w / stride) of a window."""
        if self._upsampler and self.sharpened:
            needed = round(math.log2(self._tower.patch / self.stride))
            patches = self._upsampler(patches, picture, needed if self.steps is None else self.steps)
        unit = nn.functional.normalize(patches, dim=1)
        size = int(picture.shape[-2]) // self.stride, int(picture.shape[-1]) // self.stride
        if tuple(unit.shape[-2:]) == size:
            return unit
        if unit.shape[-1] >= 2 * size[1]:
            return nn.functional.adaptive_avg_pool2d(unit, size)
        return nn.functional.interpolate(unit, size, mode="bilinear", align_corners=False)

    def _normalised(self, image: Image, valid: Mask | None) -> Tensor:
        values = torch.from_numpy(np.ascontiguousarray(image)).to(self._device).permute(2, 0, 1)[None].float()
        values = (values - self._mean) / self._std
        return values if valid is None else values * torch.from_numpy(valid).to(self._device)
