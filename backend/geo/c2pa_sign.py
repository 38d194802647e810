"""C2PA: a signed statement within a GeoTIFF that a network made its pixels; any later change of the file breaks it.

Needs the package c2pa-python (MIT or Apache-2.0), which is no part of an installation. Nothing is sent anywhere.
"""

from __future__ import annotations

import importlib
import io
import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.io import MemoryFile

from backend.errors import BadInput, Unavailable
from backend.protocol import codes

from .synthetic import KIND, SOFTWARE, WHOLLY

TIFF = "image/tiff"
SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
DEFAULT_KIND = KIND + "trainedAlgorithmicMedia"


@dataclass(frozen=True)
class Signing:
    """Who signs: a chain of certificates, one's own first, and the key of that one; both are files in PEM."""

    certificate: Path
    key: Path

    def check(self) -> None:
        """Sign a picture of one pixel, so that what cannot sign is known before a long run.

        Raises:
            BadInput: PARAMETER_INVALID for files that are not there, not PEM, locked by a password, or no pair, and for
                certificates that C2PA does not allow.
            Unavailable: TIER_MISSING without the package.
        """
        with MemoryFile() as memory:
            with memory.open(driver="GTiff", width=1, height=1, count=1, dtype="uint8") as dataset:
                dataset.write(np.zeros((1, 1, 1), np.uint8))
            self._signed(io.BytesIO(memory.read()), io.BytesIO(), "a test", WHOLLY, DEFAULT_KIND)

    def sign(self, source: Path, path: Path, title: str) -> None:
        """Write the synthetic GeoTIFF `source` signed to `path`: the same blocks, and the statement at the end.

        Raises as `check`, and OSError.
        """
        with rasterio.open(source, driver="GTiff") as dataset:
            tags, xmp = dataset.tags(), dataset.tags(ns="xml:XMP").get("xml:XMP", "")
        kind = re.search(re.escape(KIND) + r"\w+", xmp)
        model = tags["AI_MODEL"].partition("@")[0]
        with source.open("rb") as given, path.open("w+b") as written:
            self._signed(given, written, title, model, kind[0] if kind else DEFAULT_KIND)

    def _signed(self, given: Any, written: Any, title: str, model: str, kind: str) -> None:
        c2pa = _package()
        certificate, key = _read(self.certificate), _read(self.key)
        info = c2pa.C2paSignerInfo(_algorithm(key, self.key.name), certificate, key, None)
        try:
            context = c2pa.Context.from_dict(SETTINGS)
            builder = c2pa.Builder.from_json(json.dumps(_statement(title, model, kind)), context)
            builder.sign(c2pa.Signer.from_info(info), TIFF, given, written)
        except c2pa.C2paError as error:
            detail = (
                f"{self.certificate.name!r:.80} and {self.key.name!r:.80} cannot sign ({error}); give a certificate "
            )
            detail += "for signing (key usage digitalSignature, e.g. emailProtection), its chain, and its own key."
            raise BadInput(codes.PARAMETER_INVALID, detail) from error


def _package() -> Any:
    if find_spec("c2pa") is None:
        detail = "Signing needs the package c2pa-python; run `pip install c2pa-python` in the backend's environment."
        raise Unavailable(codes.TIER_MISSING, detail)
    return importlib.import_module("c2pa")


def _statement(title: str, model: str, kind: str) -> dict[str, Any]:
    made = {
        "action": "c2pa.created",
        "digitalSourceType": kind,
        "softwareAgent": {"name": f"{SOFTWARE} {model}"},
    }
    return {
        "claim_generator_info": [{"name": SOFTWARE}],
        "title": title,
        "format": TIFF,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [made]}}],
    }


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        detail = f"{path.name!r:.80} cannot be read, and signing needs it; give a certificate and its key as PEM files."
        raise BadInput(codes.PARAMETER_INVALID, detail) from error
    if b"-----BEGIN " not in data or b"\0" in data:
        detail = f"{path.name!r:.80} is not a PEM file; give a certificate and its key as text of that kind."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return data


def _algorithm(key: bytes, name: str) -> str:
    """Return C2PA's name of the algorithm a private key signs by."""
    serialization: Any = importlib.import_module("cryptography.hazmat.primitives.serialization")
    try:
        found = serialization.load_pem_private_key(key, None)
    except (TypeError, ValueError) as error:
        detail = f"{name!r:.80} is no private key that can be read (one with a password cannot); give it without one."
        raise BadInput(codes.PARAMETER_INVALID, detail) from error
    kind = type(found).__name__.lower()
    if "ed25519" in kind:
        return "ed25519"
    curve = getattr(getattr(found, "curve", None), "name", "")
    return CURVES.get(curve, "ps256")
