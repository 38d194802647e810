"""Phrases to maps and objects, over rasters of any size: docs/grounding.md."""
