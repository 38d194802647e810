"""Clicks, boxes and hover on the canvas."""
