"""Places: the page, jobs without imagery, and their layers."""
