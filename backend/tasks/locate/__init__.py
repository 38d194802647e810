"""Places to vectors, and what can be asked of them; no image is read unless it is the question."""
