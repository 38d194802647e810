"""What generation costs beside the network, and what it costs for a larger area.

    python tests/benchmarks/generate_cost.py --weights FOLDER --work DIR [--sides 32 64 128] [--steps 12] [--quick]

Smooth noise of each side (pixels of the source) is generated four times finer, each in a process of its own: a line
each with pixels of the result, windows, seconds, seconds within the network, their ratio, and the most memory held.
With `--quick` the network is one that takes no time: all that is left is what it costs to read, to draw noise, to step
back, to join and to write; so large areas can be measured.
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

from tests.benchmarks import generating


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--work", type=lambda text: Path(text).absolute(), required=True)
    parser.add_argument("--sides", type=int, nargs="+", default=[32, 64, 128])
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--scale", default="4")
    parser.add_argument("--merge", default="crop")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        print(json.dumps(one(args)))
        return
    args.work.mkdir(parents=True, exist_ok=True)
    for side in args.sides:
        words = [sys.executable, __file__, *sys.argv[1:], "--side", str(side)]
        print(subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def one(args):
    """Generate once and return what is to be told."""
    drawn = np.random.default_rng(0).integers(0, 255, (args.side // 8, args.side // 8, 3)).astype(np.uint8)
    path = generating.write_low(generating.bicubic(drawn, 8), args.work / f"{args.side}.tif", 1.6)
    asked = {"steps": args.steps, "scale": args.scale, "merge": args.merge}
    told = generating.generate(path, args.work / f"{args.side}_out.tif", args.weights, args.work, args.quick, **asked)
    total, network = told["timings"]["total"], told["timings"]["network"]
    return {
        "side": args.side * int(args.scale),
        "windows": told["windows"],
        "seconds": round(total, 2),
        "network": round(network, 2),
        "ratio": round(total / network, 3),
        "per_window_ms": round(1000 * (total - network) / told["windows"], 1),
        "peak_mb": round(told["peak_mb"]),
    }


if __name__ == "__main__":
    main()
