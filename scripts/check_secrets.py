"""Run detect-secrets over what goes into the plugin's zip, as the plugin repository does.

Usage: build/dev-python scripts/check_secrets.py [--update]

Any finding that `.secrets.baseline` does not list is an error. The baseline holds the published checksums of weights,
which look like keys; `--update` writes it anew after somebody has looked at each finding.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.core import baseline
from detect_secrets.settings import default_settings
from make_zip import ROOT, members

BASELINE = ROOT / ".secrets.baseline"
BINARY = {".onnx", ".safetensors", ".npz", ".qm", ".png"}
HASHES = Path("backend/requirements")
"""Lock files: pip's own hashes, thousands of lines that pip checks."""


def found() -> SecretsCollection:
    """Return what looks like a secret in the files of the zip."""
    os.chdir(ROOT)  # findings name their file as it is given: relative, whatever the machine
    secrets = SecretsCollection()
    for path in members():
        if path.suffix not in BINARY and path.parent != HASHES and path.name != BASELINE.name:
            secrets.scan_file(str(path))
    return secrets


def main() -> int:
    """Print new findings as file:line and their kind."""
    with default_settings():
        secrets = found()
        if "--update" in sys.argv:
            output = {**baseline.format_for_output(secrets), "generated_at": ""}
            BASELINE.write_text(json.dumps(output, indent=1) + "\n", encoding="utf-8")
        known = baseline.load(baseline.load_from_file(str(BASELINE)))
    new = secrets - known
    for name, secret in new:
        print(f"{name}:{secret.line_number}: {secret.type}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
