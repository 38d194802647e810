"""GeoEmbed v3 as ONNX, from the weights of the package `geoembed` (MIT): a file for `models import geoembed`.

python -m backend.training.geoembed --npz v3.npz --out geoembed.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from backend.models.geoembed_network import SIDE, from_npz


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--npz", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write(args.npz, args.out)


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


if __name__ == "__main__":
    main()
