#!/usr/bin/env bash
# Style, types, and the checks the plugin repository makes on upload.
set -euo pipefail
cd "$(dirname "$0")/.."
build/dev-python -m ruff check .
build/dev-python -m ruff format --check .
build/dev-python -m mypy
build/dev-python -m bandit -q -r plugin backend __init__.py -c pyproject.toml
build/dev-python scripts/check_secrets.py
