#!/usr/bin/env bash
# Every check, cheapest first; stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$1"; }

step "lint, types, security"
scripts/lint.sh
step "architecture, packaging, protocol, backend"
build/dev-python -m pytest -q tests --ignore tests/qgis --ignore tests/plugin --ignore tests/contract --ignore tests/desktop --ignore tests/benchmarks
step "Qt-only modules and contract, on PyQt6"
QT_QPA_PLATFORM=offscreen build/dev-python -m pytest -q tests/plugin tests/contract
step "QGIS modules, Qt-only modules and contract, on QGIS's Qt"
QT_QPA_PLATFORM=offscreen build/qgis-python -m pytest -q --qgis_disable_exit tests/qgis tests/plugin tests/contract --ignore tests/plugin/server
step "real QGIS under Xvfb"
build/python scripts/demo_data.py build/data
build/qgis-python -m pytest -q -p no:pytest_qgis tests/desktop
