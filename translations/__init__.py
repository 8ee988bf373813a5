"""Texts in other languages, and the command that keeps their catalogues in line with the source."""
