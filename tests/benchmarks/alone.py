"""Runs with the backend's Python, in the backend's folder: a model with nothing around it, timed on request.

    python alone.py IMAGE MODEL HOME

Takes a line `encode X Y` or `decode X Y` (pixels) and answers with milliseconds. Image, crop, prompt and number of
threads are those a click there has in the backend process, which runs the same code.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

import numpy as np

from backend.geo.lattice import Lattice
from backend.geo.reader import SourceReader
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.models.segmenter import CropPrompts
from backend.protocol.source import Source


def timed(work):
    started = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - started), result


def main():
    image, name, home = sys.argv[1:]
    models = Path(home) / "models"
    reader = SourceReader(Source(image), Path(image))
    model = LoadedModels(catalog(models), models).get(name)
    lattice = Lattice(reader.grid.width, reader.grid.height, model.input_size)
    embeddings = {}
    print("ready", flush=True)
    for line in sys.stdin:
        what, x, y = line.split()
        at = np.array([[float(x), float(y)]], np.float32)
        window, _ = lattice.crop_for((*at[0], *at[0]))
        if what == "encode" or window not in embeddings:
            crop = reader.read(window)
            spent, embeddings[window] = timed(lambda crop=crop: model.encode(crop.image, crop.valid))
        if what == "decode":
            prompts = CropPrompts(at - np.array([window.col, window.row], np.float32), np.ones(1, np.int32))
            spent, _ = timed(lambda window=window, prompts=prompts: model.decode(embeddings[window], prompts))
        print(spent, flush=True)


if __name__ == "__main__":
    main()
