"""Runs with the backend's Python: a throwaway checkout and models folder with full-size models of random weights.

    python tests/benchmarks/prepare.py IMAGE FOLDER MODEL...

FOLDER/root is a copy of the backend whose catalogue knows no checksums, since random weights have none to be known
by; FOLDER/home its data folder, filled by its own `models import` and `models export`; FOLDER/image.tif a 1024 x 1024
8-bit RGB image cut from IMAGE: one crop of SAM's size, so that a click asks one crop. FOLDER/MODEL.json has places to
click where that model answers with an object. Models that are there are not made again.

Masks of random weights are noise with a hundred thousand corners. A few of the decoder's weights are therefore set by
hand: the first channel of its features becomes the mask, whatever the prompt, with a threshold that leaves 3 % of the
image, in parts of some thousand pixels as roofs have. What is computed, and every tensor's shape, stays the same.
SAM ViT-B's random features are alike all over the image: its object is the whole crop, the most an outline can cost.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from scipy import ndimage

ROOT = Path(__file__).parents[2]
SIDE = 1024
SHARE = 97
ONE = 0.8413447  # what the decoder's activation makes of 1
ROOFS = [(481.5, 530.5), (500.5, 545.5), (430.5, 500.5), (520.5, 480.5), (470.5, 600.5)]


def copy_backend(folder):
    """Copy the code of today."""
    target = folder / "root"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "backend", target / "backend", ignore=shutil.ignore_patterns("__pycache__", "training"))
    shutil.copy(ROOT / "metadata.txt", target)
    (target / "backend/models/pins.json").write_text("{}")
    return target


def cut(image, target):
    """Write the upper left 1024 x 1024 pixels of `image` as 8-bit RGB."""
    with rasterio.open(image) as source:
        bands = (1, 2, 3) if source.count >= 3 else (1, 1, 1)
        values = source.read(bands, window=((0, SIDE), (0, SIDE))).astype(np.float32)
        low, high = np.percentile(values, (2, 98))
        profile = {"driver": "GTiff", "width": values.shape[2], "height": values.shape[1], "count": 3}
        profile |= {"dtype": "uint8", "crs": source.crs, "transform": source.transform, "tiled": True}
    with rasterio.open(target, "w", **profile) as written:
        written.write(np.clip(255 * (values - low) / (high - low), 0, 255).astype(np.uint8))


def save_random(model, folder):
    """Write config.json and model.safetensors as the hub has them, with random weights."""
    sys.path.insert(0, str(ROOT))
    import torch
    from transformers import Sam2Model, SamModel

    from tests.backend.models.full_size import sam2_config, sam_config

    torch.manual_seed(0)
    family, size = model.rsplit("-", 1)
    made = SamModel(sam_config(size)) if family == "sam-vit" else Sam2Model(sam2_config(size))
    with torch.no_grad():
        threshold(made.mask_decoder, 0.0)
        made.save_pretrained(folder)
        logits = answer(model, folder)
        cut_at = float(np.percentile(logits, SHARE))
        threshold(made.mask_decoder, cut_at / ONE)
    made.save_pretrained(folder)
    return objects(logits > cut_at) or ROOFS


def threshold(decoder, at):
    """Make the mask the first channel of the upscaled features minus `at` times the second, which is constant."""
    for convolution in (decoder.upscale_conv1, decoder.upscale_conv2):
        convolution.weight.copy_(convolution.weight.mean((2, 3), keepdim=True).expand_as(convolution.weight))
    for name in ("conv_s0", "conv_s1"):
        if hasattr(decoder, name):
            getattr(decoder, name).weight.zero_()
            getattr(decoder, name).bias.zero_()
    for name, parameter in decoder.transformer.named_parameters():
        if "cross_attn_image_to_token" in name and name.split(".")[-2] in ("out_proj", "o_proj"):
            parameter.zero_()
    decoder.upscale_conv2.weight[:, 1] = 0
    decoder.upscale_conv2.bias[1] = 1
    for mlp in decoder.output_hypernetworks_mlps:
        mlp.proj_out.weight.zero_()
        mlp.proj_out.bias.zero_()
        mlp.proj_out.bias[0], mlp.proj_out.bias[1] = 1, -at


def answer(model, folder):
    """Return the logits that the model in `folder` gives for a click."""
    import importlib

    from backend.device import cpu
    from backend.models.catalog import BUILT_IN
    from backend.models.segmenter import CropPrompts

    spec = BUILT_IN.get(model)
    loaded = importlib.import_module(spec.loader.split(":")[0]).load(spec, folder, cpu())
    with rasterio.open(folder.parent / "image.tif") as source:
        image = np.ascontiguousarray(source.read().transpose(1, 2, 0))
    embedding = loaded.encode(image, np.ones(image.shape[:2], bool))
    return loaded.decode(embedding, CropPrompts(np.array([ROOFS[0]], np.float32), np.ones(1, np.int32))).logits


def objects(mask):
    """Return a place in each of five parts of `mask`, the most like a roof in size first."""
    labels, _ = ndimage.label(mask)
    parts = np.argsort(np.abs(np.bincount(labels.ravel())[1:] - 2000))[:5] + 1
    deepest = [np.argmax(ndimage.distance_transform_edt(labels == part)) for part in parts]
    return [(int(at) % SIDE + 0.5, int(at) // SIDE + 0.5) for at in deepest]


def install(model, root, home):
    """Import, or export, one model with the command a person uses."""
    if (home / "models" / model / "manifest.json").exists():
        return
    if model.startswith("onnx-"):
        install(model[5:], root, home)
        _models(root, home, "export", model[5:])
        shutil.copy(home.parent / f"{model[5:]}.json", home.parent / f"{model}.json")
        return
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        places = save_random(model, Path(folder))
        (home.parent / f"{model}.json").write_text(json.dumps(places))
        _models(root, home, "import", model, folder)


def _models(root, home, *arguments):
    environment = {**os.environ, "TOPOSCOPE_HOME": str(home)}
    command = [sys.executable, "-s", "-m", "backend", "models", *arguments]
    subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)


def main():
    image, folder, *models = sys.argv[1:]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    root, home = copy_backend(folder), folder / "home"
    home.mkdir(exist_ok=True)
    cut(image, folder / "image.tif")
    for model in models:
        if model == "classic":
            (folder / "classic.json").write_text(json.dumps(ROOFS))
        else:
            install(model, root, home)


if __name__ == "__main__":
    main()
