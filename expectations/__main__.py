"""`python -m expectations`: validate incoming data. Exit status 1 if a critical expectation is not met."""

from __future__ import annotations

import sys

from expectations.validation import validate
from warehouse import logs


def main() -> int:
    logs.configure()
    verdict = validate()
    print(verdict.verdict)
    for reason in verdict.reasons:
        print(f"  {reason.severity}: {reason.suite}.{reason.column}: {reason.why}")
    return int(verdict.is_fail)


if __name__ == "__main__":
    sys.exit(main())
