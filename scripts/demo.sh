#!/usr/bin/env bash
# The main job on real imagery with the offline default model. With a screen QGIS opens with everything loaded; without
# one a scene drives real QGIS under Xvfb and leaves layers and screenshots in build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."
build/python scripts/demo_data.py build/data
if [ -n "${DISPLAY:-}" ]; then
  exec python3 scripts/desktop/run.py open build/demo --keep-open
fi
/usr/bin/python3 scripts/desktop/run.py demo build/demo
for scene in ground embeddings places generate change; do
  /usr/bin/python3 scripts/desktop/run.py "$scene" "build/demo/$scene"
done
echo "Layers and screenshots are in build/demo."
