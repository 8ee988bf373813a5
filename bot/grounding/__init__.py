"""Checks a language model's answer against the sources that it was given."""
