"""Proves a core environment: a model runs, a raster is written and read, a polygon is cut. Prints facts as JSON."""

# ruff: noqa: TID253 (importing is the proof)
from __future__ import annotations

import json
import platform
from typing import Any

import numpy as np
import onnxruntime
import pyarrow as pa
import pyogrio
import pyproj
import rasterio
import scipy.ndimage
import shapely
import skimage
import sklearn.cluster
import starlette
import uvicorn
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

SQUARE = bytes.fromhex(  # an ONNX model: y = x @ x
    "080812003a440a110a01780a017812017922064d61744d756c120570726f6265"  # pragma: allowlist secret
    "5a130a0178120e0a0c080112080a0208020a02080262130a0179120e0a0c0801"  # pragma: allowlist secret
    "12080a0208020a02080242040a00100d"  # pragma: allowlist secret
)
GRID = from_origin(100, 200, 2, 2)


def run_model() -> list[str]:
    """Run the model where it is best run and return the providers that took it."""
    session = onnxruntime.InferenceSession(SQUARE, providers=onnxruntime.get_available_providers())
    x = np.array([[1, 2], [3, 4]], np.float32)
    if not np.allclose(session.run(None, {"x": x})[0], x @ x, rtol=1e-2):
        raise SystemExit("onnxruntime computes wrongly")
    return list(session.get_providers())


def read_raster() -> None:
    """Write a raster to memory and read it back."""
    pixels = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    with MemoryFile() as memory:
        with memory.open(driver="GTiff", width=8, height=8, count=1, dtype="uint8", transform=GRID) as target:
            target.write(pixels)
        with memory.open() as source:
            if not np.array_equal(source.read(), pixels):
                raise SystemExit("rasterio reads other pixels than were written")


def measure() -> None:
    """Cut a polygon, transform it, label a mask."""
    shape = shapely.box(0, 0, 2, 2).intersection(shapely.box(1, 1, 3, 3))
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(0, 0)
    labels = scipy.ndimage.label(np.eye(3))[1]
    if shape.area != 1 or abs(x) + abs(y) > 1e-6 or labels != 3:
        raise SystemExit("shapely, pyproj or scipy computes wrongly")


def group() -> None:
    """Part four numbers into two groups, and bring them through a table."""
    numbers = np.array([[0.0], [0.1], [9.0], [9.1]])
    labels = sklearn.cluster.KMeans(2, n_init=1, random_state=0).fit(numbers).labels_
    if len(set(labels[:2])) != 1 or labels[0] == labels[2] or pa.array(labels).to_pylist() != labels.tolist():
        raise SystemExit("scikit-learn or pyarrow computes wrongly")


def facts() -> dict[str, Any]:
    """Do all of it and return what was found."""
    read_raster()
    measure()
    group()
    modules = (np, onnxruntime, pa, pyogrio, pyproj, rasterio, scipy, shapely, skimage, sklearn, starlette, uvicorn)
    versions = {module.__name__: module.__version__ for module in modules}
    return {"python": platform.python_version(), "providers": run_model(), "versions": versions}


if __name__ == "__main__":
    print(json.dumps(facts()))  # noqa: T201 (the answer)
