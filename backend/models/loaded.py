"""Loaded models: found, checked, loaded on first use, kept within a memory budget."""

from __future__ import annotations

import gc
import importlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import cast

from backend.device import CUDA, ComputeDevice, choose_device, cpu
from backend.errors import Unavailable
from backend.protocol import codes
from backend.protocol.capabilities import ModelInfo

from . import tiers, weights
from .registry import Registry
from .segmenter import Segmenter
from .spec import ModelSpec

Key = tuple[str, str]
RESERVE = 1_000_000_000


class LoadedModels:
    """Models by id and device, the least recently used dropped first. Used from the device's thread only."""

    def __init__(
        self,
        registry: Registry,
        models: Path,
        budget_bytes: int | None = None,
        choose: Callable[[str], ComputeDevice] = choose_device,
    ) -> None:
        """Keep models of `registry`, whose weights lie in the folder `models`, within `budget_bytes` on each device.

        By default that is half of the machine's memory, and all but a gigabyte of a GPU's, which the desktop needs.
        """
        self.registry = registry
        self._models = models
        self._budget = budget_bytes
        self._choose = choose
        self._loaded: OrderedDict[Key, Segmenter] = OrderedDict()

    def device(self, wanted: str = "auto") -> ComputeDevice:
        """Return what `wanted` stands for on this machine."""
        return self._choose(wanted)

    def device_for(self, model_id: str, wanted: str = "auto") -> ComputeDevice:
        """Return the device that a model asked for on `wanted` gets; its `notice` says what could not be had."""
        spec = self.registry.get(model_id)
        if not spec.options.get("cpu_only"):
            return self._choose(wanted)
        return cpu(f"{spec.title} runs on the CPU only." if wanted == CUDA else "")

    def notice(self, model_id: str, wanted: str = "auto") -> str:
        """Return what a person should know about where a model runs; empty when all is as asked."""
        chosen = self.device_for(model_id, wanted)
        moved: ComputeDevice = getattr(self._loaded.get((model_id, chosen.kind)), "device", chosen)
        return chosen.notice if moved.kind == chosen.kind else moved.notice

    def get(self, model_id: str, device: str = "auto") -> Segmenter:
        """Return the loaded model.

        Raises:
            BadInput: MODEL_UNKNOWN.
            Unavailable: MODEL_NOT_INSTALLED, TIER_MISSING, WEIGHTS_MISMATCH; the sentence says what to do.
        """
        spec = self.registry.get(model_id)
        chosen = self.device_for(model_id, device)
        key = (model_id, chosen.kind)
        if key not in self._loaded:
            tiers.require(spec.tier)
            folder = weights.checked_folder(spec, self._models)
            self._make_room(chosen, spec.memory)
            self._loaded[key] = _load(spec, folder, chosen)
        self._loaded.move_to_end(key)
        return self._loaded[key]

    def unload(self, model_id: str = "") -> None:
        """Drop `model_id` from memory, or every model."""
        for key in [key for key in self._loaded if model_id in ("", key[0])]:
            self._loaded.pop(key).close()
        gc.collect()

    @property
    def held(self) -> int:
        """Return the bytes the loaded models are counted with."""
        return sum(self.registry.get(model_id).memory for model_id, _ in self._loaded)

    def _make_room(self, device: ComputeDevice, needed: int) -> None:
        beside = [key for key in self._loaded if key[1] == device.kind]
        held = sum(self.registry.get(model_id).memory for model_id, _ in beside)
        for key in beside:
            if held + needed <= self._budget_of(device):
                break
            held -= self.registry.get(key[0]).memory
            self._loaded.pop(key).close()
            gc.collect()

    def _budget_of(self, device: ComputeDevice) -> int:
        if self._budget is not None:
            return self._budget
        return device.memory - RESERVE if device.kind == CUDA else device.memory // 2


def _load(spec: ModelSpec, folder: Path | None, device: ComputeDevice) -> Segmenter:
    module, function = spec.loader.split(":")
    try:
        load = getattr(importlib.import_module(module), function)
    except ImportError as error:
        detail = f"{spec.title} needs {error.name}, which is not installed; repair the installation."
        raise Unavailable(codes.TIER_MISSING, detail) from error
    return cast(Segmenter, load(spec, folder, device))


def model_infos(registry: Registry, models: Path) -> tuple[ModelInfo, ...]:
    """Return every model as the picker shows it, in the catalogue's order. Opens no weights."""
    return tuple(_info(spec, models) for spec in registry)


def _info(spec: ModelSpec, models: Path) -> ModelInfo:
    installed = weights.installed(spec, models)
    return ModelInfo(
        id=spec.id,
        title=spec.title,
        tasks=spec.tasks,
        licence=spec.licence,
        tier=spec.tier,
        installed=installed is not None or not weights.needed(spec),
        ships=not weights.needed(spec),
        size=installed.size if installed else spec.weights.size if spec.weights else 0,
        speed=spec.speed,
        paper=spec.paper,
        revision=installed.revision if installed else spec.weights.revision if spec.weights else "",
        gated=spec.weights.gated if spec.weights else False,
        hover=spec.hover,
        summary=spec.summary,
        parameters=spec.parameters,
        unavailable=tiers.why_unavailable(spec.tier),
        downloadable=bool(spec.weights and spec.weights.repo),
        phrases=spec.reads_phrases,
    )
