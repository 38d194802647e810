"""Synthetic imagery: what a coarse picture might look like from nearer, at any size, marked as such."""
