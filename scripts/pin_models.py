"""Refresh `backend/models/pins.json` from the hub: commit, sizes and checksums. Needs a network and the Full tier.

    python scripts/pin_models.py [ID ...] [--check]

Large files' sha256 is in the hub's own metadata; the small ones are fetched and hashed. `--check` changes nothing and
exits 1 when a pin's bytes are no longer what the hub serves under its commit. HF_TOKEN opens gated repositories.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from backend.models.catalog import BUILT_IN, PINS
from backend.models.spec import ModelSpec


def main() -> int:
    """Write the pins, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("id", nargs="*", help="models (default: all with a repository)")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    pins = json.loads(PINS.read_text(encoding="utf-8"))
    wrong = []
    for spec in [BUILT_IN.get(name) for name in args.id] or [s for s in BUILT_IN if s.weights and s.weights.repo]:
        found = pin(spec, pins[spec.id]["revision"] if args.check and spec.id in pins else None)
        wrong += [spec.id] if args.check and not _agrees(pins.get(spec.id), found) else []
        pins[spec.id] = found
        print(f"{spec.id}: {found['revision']}")
    if args.check:
        print("\n".join(f"{name} differs" for name in wrong) or "All pins agree.")
        return 1 if wrong else 0
    part = PINS.with_suffix(".part")
    part.write_text(json.dumps(pins, indent=1) + "\n", encoding="utf-8")
    part.replace(PINS)
    return 0


def pin(spec: ModelSpec, revision: str | None = None) -> dict:
    """Return the pin of `spec` at `revision`, by default the newest commit."""
    from huggingface_hub import HfApi

    api = HfApi(token=os.environ.get("HF_TOKEN") or False)
    info = api.model_info(spec.weights.repo, revision=revision, files_metadata=True)
    listed = {file.rfilename: file for file in info.siblings}
    missing = [file.name for file in spec.weights.files if file.name not in listed]
    if missing:
        raise SystemExit(f"{spec.weights.repo} has no {', '.join(missing)} at {info.sha}.")
    files = [_file(api, spec.weights.repo, info.sha, listed[file.name]) for file in spec.weights.files]
    return {"revision": info.sha, "files": files}


def _file(api, repo: str, commit: str, listed) -> dict:
    if listed.lfs is not None:
        return {"name": listed.rfilename, "size": listed.lfs.size, "sha256": listed.lfs.sha256}
    content = Path(api.hf_hub_download(repo, listed.rfilename, revision=commit)).read_bytes()
    return {"name": listed.rfilename, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _agrees(pinned: dict | None, found: dict) -> bool:
    """Return whether what is known in a pin (sizes of 0 and empty checksums are not) is what was found."""
    if pinned is None or pinned["revision"] != found["revision"]:
        return False
    served = {file["name"]: file for file in found["files"]}
    return all(
        file["size"] in (0, served[file["name"]]["size"]) and file["sha256"] in ("", served[file["name"]]["sha256"])
        for file in pinned["files"]
    )


if __name__ == "__main__":
    raise SystemExit(main())
