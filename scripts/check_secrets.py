"""Run detect-secrets over what goes into the plugin's zip, as the plugin repository does; any finding is an error."""

from __future__ import annotations

import sys

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
from make_zip import ROOT, members


def main() -> int:
    """Print findings as file:line and their kind."""
    secrets = SecretsCollection(root=str(ROOT))
    with default_settings():
        for path in members():
            if path.suffix not in {".onnx", ".safetensors", ".qm", ".png", ".txt"}:
                secrets.scan_file(str(path))
    for name, secret in secrets:
        print(f"{name}:{secret.line_number}: {secret.type}")
    return 1 if secrets else 0


if __name__ == "__main__":
    sys.exit(main())
