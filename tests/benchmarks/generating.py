"""What benchmarks of generation share: a run in this process, and what its pixels tell."""

from __future__ import annotations

import json
import resource
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import rasterio
from PIL import Image

from backend.jobs.generating import run_generated
from backend.jobs.run_context import RunContext
from backend.models.catalog_generate import MINI_GENERATOR
from backend.models.loaded import LoadedModels
from backend.models.registry import Registry
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.generate.places import Places

SHORTEST = 8
"""Pixels: what repeats more often than this is detail that a picture four times coarser cannot hold."""


class Quick:
    """A painter that takes next to no time: what is left is all that is not the network."""

    input_size = 256

    def condition(self, low):
        enlarged = low.repeat(4, 2).repeat(4, 3)
        return enlarged, enlarged[:, :1]

    def noise(self, noisy, shown, step, metres):
        return noisy

    def close(self):
        pass


def load_quick(spec, folder, device):
    return Quick()


def write_low(picture, path, metres, shift=0):
    """Write a picture (h, w, 3) whose pixels are `metres` wide, in UTM; a corner of units lies `shift` before it."""
    left, top = (256_000 + shift) * metres, (2_560_000 - shift) * metres
    place = rasterio.Affine(metres, 0, left, 0, -metres, top)
    height, width = picture.shape[:2]
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "tiled": True, "blockxsize": 256, "blockysize": 256}
    with rasterio.open(path, "w", crs="EPSG:32640", transform=place, width=width, height=height, **profile) as file:
        file.write(picture.transpose(2, 0, 1))
    return path


def generate(low, out, weights, work, quick=False, **parameters):
    """Run a job and return its record, with the most memory this process has held."""
    options = MappingProxyType({"cpu_only": True, "ships": str(weights)})
    spec = replace(MINI_GENERATOR, options=options, loader=f"{__name__}:load_quick" if quick else MINI_GENERATOR.loader)
    loaded = LoadedModels(Registry().register(spec), work / "models")
    request = JobRequest("generate", spec.id, Source(path=str(low)), parameters=parameters)
    *_, record = run_generated(
        request, Places(out), RunContext(loaded, work / "models", work, lambda percent, said: None)
    )
    told = json.loads(record.read_text())
    return {**told, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def read(path):
    """Return a picture (h, w, 3)."""
    with rasterio.open(path) as dataset:
        return dataset.read((1, 2, 3)).transpose(1, 2, 0)


def halved(picture, times):
    """Return the means of `times` x `times` pixels as bytes."""
    height, width = (length // times * times for length in picture.shape[:2])
    cells = picture[:height, :width].reshape(height // times, times, width // times, times, 3)
    return np.round(cells.mean((1, 3), dtype=np.float64)).astype(np.uint8)


def bicubic(picture, times):
    """Return a picture enlarged."""
    height, width = picture.shape[:2]
    return np.asarray(Image.fromarray(picture).resize((width * times, height * times), Image.Resampling.BICUBIC))


def detail(picture):
    """Return the energy of what repeats within `SHORTEST` pixels, in grey."""
    grey = picture.mean(2)
    window = np.outer(np.hanning(grey.shape[0]), np.hanning(grey.shape[1]))
    energy = np.abs(np.fft.rfft2((grey - grey.mean()) * window)) ** 2
    often = np.hypot(np.fft.fftfreq(grey.shape[0])[:, None], np.fft.rfftfreq(grey.shape[1])[None])
    return float(energy[(often > 1 / SHORTEST) & (often < 0.5)].sum())


def psnr(one, other):
    """Return the peak signal-to-noise ratio of bytes, in dB."""
    return float(10 * np.log10(255**2 / np.mean((one.astype(np.float64) - other) ** 2)))


def seams(picture, every, first=0):
    """Return the mean gradient across columns and rows `first`, `first` + `every`, ... over that elsewhere."""
    across, other = [], []
    for axis in (0, 1):
        steps = np.abs(np.diff(picture.astype(np.float64), axis=axis)).mean(axis=(1 - axis, 2))
        border = (np.arange(1, len(steps) + 1) - first) % every == 0
        across.append(steps[border])
        other.append(steps[~border])
    found = np.concatenate(across)
    return float(found.mean() / np.concatenate(other).mean()) if len(found) else float("nan")
