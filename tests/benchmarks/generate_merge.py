"""Is it better to keep the middle of each window, or to average those that overlap at each step?

    python tests/benchmarks/generate_merge.py PICTURE --metres 0.4 --weights FOLDER --work DIR [--side 512] [--steps 12]

A part of the picture, `--side` pixels wide, is made four times smaller and generated again in both ways, each in a
process of its own: mean gradient across the borders of windows and of units over that elsewhere (1: no seam), detail
against the picture's, PSNR of the result made small again against what it was made from, and of the result against
the picture, seconds, seconds within the network, and memory. Results are left in `--work`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])

import numpy as np
from PIL import Image

from backend.tasks.generate.parameters import MERGES
from backend.tasks.generate.units import SIDE
from backend.tasks.generate.windows import MIDDLE
from tests.benchmarks import generating


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--metres", type=float, required=True, help="of the picture's pixels")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--work", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--merge", choices=MERGES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.merge:
        print(json.dumps(one(args)))
        return
    args.work.mkdir(parents=True, exist_ok=True)
    for merge in MERGES:
        words = [sys.executable, __file__, *sys.argv[1:], "--merge", merge]
        print(merge, subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def one(args):
    """Generate in one way and return what is to be told."""
    whole = np.asarray(Image.open(args.picture).convert("RGB"))
    top, left = ((length - args.side) // 2 // 4 * 4 for length in whole.shape[:2])
    real = whole[top : top + args.side, left : left + args.side]
    low = generating.halved(real, 4)
    shift = (SIDE - args.side // 2) // 4  # units meet in the middle of the picture
    path = generating.write_low(low, args.work / f"{args.merge}_low.tif", 4 * args.metres, shift)
    out = args.work / f"{args.merge}.tif"
    told = generating.generate(path, out, args.weights, args.work, steps=args.steps, merge=args.merge, seed=1)
    made = generating.read(out)
    return {
        "seams_windows": round(generating.seams(made, MIDDLE), 3),
        "seams_units": round(generating.seams(made, SIDE, args.side // 2), 3),
        "real_seams": round(generating.seams(real, MIDDLE), 3),
        "detail": round(generating.detail(made) / generating.detail(real), 3),
        "bicubic_detail": round(generating.detail(generating.bicubic(low, 4)) / generating.detail(real), 3),
        "psnr_small": round(generating.psnr(generating.halved(made, 4), low), 1),
        "psnr": round(generating.psnr(made, real), 2),
        "seconds": round(told["timings"]["total"], 1),
        "network": round(told["timings"]["network"], 1),
        "windows": told["windows"],
        "peak_mb": round(told["peak_mb"]),
    }


if __name__ == "__main__":
    main()
