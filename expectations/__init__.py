"""Validation of incoming data with Great Expectations."""

from expectations.validation import validate
from expectations.verdict import Verdict

__all__ = ["Verdict", "validate"]
