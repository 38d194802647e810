"""Packs for the recipes' tests: an index, and files of any content."""

import io
import json
import zipfile

import numpy as np
from PIL import Image


def encoded(image, form="PNG", **options):
    """Return the bytes of an image file. A label in a `.jpg` stays exact as PNG, for names say nothing of content."""
    memory = io.BytesIO()
    Image.fromarray(image).save(memory, form, **options)
    return memory.getvalue()


def write_pack(path, entries, files, eurosat=0):
    """Write a pack of `files` by name, whose index has `entries` and says how many sheets of EuroSAT there are."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("index.json", json.dumps({"entries": entries, "eurosat": eurosat}))


def write_one_picture(path, height, width):
    """Write a pack of one drawn picture, `dubai_1`."""
    image = np.random.default_rng(0).integers(0, 255, (height, width, 3)).astype(np.uint8)
    write_pack(path, [{"name": "dubai_1", "metres": 0.4}], {"dubai_1.jpg": encoded(image, "JPEG")})
