"""Answers to surveys, imported from files into `raw`."""
