"""Statements of texts in both languages, and what in other texts speaks against them."""
