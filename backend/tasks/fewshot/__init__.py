"""Classes learnt from a few examples: gathered, learnt, saved, applied."""
