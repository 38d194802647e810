"""GeoMag's policy (arXiv 2507.05887): which pixels, at which resolution, a question needs. Numbers in, values out."""
