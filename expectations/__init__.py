"""What must be true of the data that landed: Great Expectations suites, and the verdict on them."""

from expectations.validation import validate
from expectations.verdict import Verdict

__all__ = ["Verdict", "validate"]
