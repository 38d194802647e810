"""Jobs and the one device worker: queue, progress, cancel, run records. No torch."""
