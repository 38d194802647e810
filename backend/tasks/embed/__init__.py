"""Imagery to vectors: of every block, of chips, of pictures in a folder; two dates compared."""
