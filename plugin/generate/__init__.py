"""Generate: the page, jobs that make regions finer, and their layers."""
