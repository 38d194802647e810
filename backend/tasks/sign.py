"""Finished results signed last, and what tells of them set right: a signed file has another checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import rasterio

from backend.geo.atomic import Batch, has_suffix
from backend.geo.c2pa_sign import Signing

RECORDS = ("run.json", "*.run.json", "item.json", "*.item.json")
MULTIHASH = "1220"
"""Before a sha256 in STAC's `file:checksum`."""


def sign_results(files: Iterable[Path], signing: Signing) -> list[Path]:
    """Sign the synthetic GeoTIFFs among `files`, mend the records beside them, and return those that are signed.

    Raises:
        BadInput, Unavailable: as `Signing.sign`, OUTPUT_UNWRITABLE, DISK_FULL. All files are then as they were.
    """
    signed = [path for path in files if has_suffix(path, ".tif") and _is_synthetic(path)]
    with Batch() as batch:
        new: dict[str, tuple[str, int]] = {}
        for path in signed:
            before = _digest(path)
            beside = batch.write(path, partial(_sign, signing, path))
            new[before] = batch.sha256[path], beside.stat().st_size
        for folder in sorted({path.parent for path in signed}):
            for record in sorted({found for pattern in RECORDS for found in folder.glob(pattern)}):
                text = record.read_text(encoding="utf-8")
                if any(before in text for before in new):
                    mended = json.dumps(_mended(json.loads(text), new), indent=2, ensure_ascii=False)
                    batch.add(record, f"{mended}\n".encode())
    return signed


def _sign(signing: Signing, source: Path, path: Path) -> None:
    signing.sign(source, path, source.name)


def _is_synthetic(path: Path) -> bool:
    with rasterio.open(path, driver="GTiff") as dataset:
        return bool(dataset.tags().get("AI_GENERATED") == "YES")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mended(told: Any, new: Mapping[str, tuple[str, int]]) -> Any:
    if isinstance(told, list):
        return [_mended(one, new) for one in told]
    if not isinstance(told, dict):
        return told
    sha256 = str(told.get("sha256", ""))
    checksum = str(told.get("file:checksum", "")).removeprefix(MULTIHASH)
    if sha256 in new:
        return {**told, "sha256": new[sha256][0], "signed": "c2pa"}
    if checksum in new:
        digest, size = new[checksum]
        return {**told, "file:checksum": MULTIHASH + digest, "file:size": size, "signed": "c2pa"}
    return {key: _mended(one, new) for key, one in told.items()}
