"""Data of one's own: a file handed in, its columns, its report, and what was brought in."""
