"""Change: the page, made pairs, what changed between two dates, and how both are looked at."""
