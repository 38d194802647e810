#!/usr/bin/env bash
# Remake the pictures of README and docs from real QGIS.
set -euo pipefail
cd "$(dirname "$0")/.."
build/python scripts/demo_data.py build/data
unset DISPLAY
out=build/screenshots
play() { /usr/bin/python3 scripts/desktop/run.py "$@"; }
mkdir -p "$out/home"
env -u TOPOSCOPE_HOME -u XDG_DATA_HOME HOME="$PWD/$out/home" /usr/bin/python3 scripts/desktop/run.py first_run "$out/first_run"
play demo "$out/demo"
for scene in ground embeddings places generate change; do play "$scene" "$out/$scene"; done
play smoke "$out/dark" --dark
play smoke "$out/chinese" --language zh-Hans
mkdir -p docs/images
shrink() { convert "$out/$1.png" -resize 1200x -colors 192 -strip "PNG8:docs/images/$2.png"; }
shrink first_run/first_run first_run
shrink demo/1_hover hover
shrink demo/2_prompts segment
shrink demo/3_roofs roofs
shrink demo/5_road road
shrink ground/2_objects objects
shrink ground/3_relevance relevance
shrink ground/6_class_map classmap
shrink embeddings/4_click_heat likeness
shrink embeddings/6_phrase_heat phrase
shrink embeddings/8_classes_kept fewshot
shrink embeddings/9_sentinel_false_colour false_colour
shrink places/1_like_zurich places
shrink generate/6_compare generate
shrink change/5_swipe_dragged change
shrink change/6_detected_made detected
shrink dark/smoke dark
shrink chinese/smoke chinese
ls -l docs/images
