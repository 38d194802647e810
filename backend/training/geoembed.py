"""GeoEmbed v3 as ONNX, from the weights of the package `geoembed` (MIT): a file for `models import geoembed`.

python -m backend.training.geoembed --out geoembed.onnx
python -m backend models import geoembed geoembed.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from backend.models.geoembed_network import SIDE, from_npz

PACKAGE = "geoembed"


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--npz", type=Path, help="the package's v3.npz; default: that of the installed package")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write(args.npz or package_weights(), args.out)


def write(npz: Path, out: Path) -> None:
    """Export the network to the file `out`."""
    axes = {"image": {0: "n"}, "embedding": {0: "n"}}
    torch.onnx.export(
        from_npz(npz),
        (torch.zeros(1, 3, SIDE, SIDE),),
        str(out),
        input_names=["image"],
        output_names=["embedding"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def package_weights() -> Path:
    """Return the weights inside the installed package, which is not imported: its runtime is not needed."""
    from importlib.util import find_spec

    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed; name its v3.npz with --npz")
    return Path(spec.origin).parent / "weights" / "v3.npz"


if __name__ == "__main__":
    main()
