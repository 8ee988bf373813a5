"""Docker's health checks: `python docker/health.py URL [PART …]` succeeds if the URL answers 200 and its JSON calls
each PART healthy, as Airflow's API does of Airflow's parts. Nothing is imported that takes long: this runs all day."""

from __future__ import annotations

import json
import sys
from urllib.request import urlopen

SECONDS = 4


def main() -> int:
    url, *parts = sys.argv[1:]
    try:
        with urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - the addresses stand in docker-compose.yml
            told = json.load(answer)
    except (OSError, ValueError) as error:
        print(f"{url}: {error}")
        return 1
    ill = [part for part in parts if told.get(part, {}).get("status") != "healthy"]
    if ill:
        print(f"not healthy: {', '.join(ill)}")
    return bool(ill)


if __name__ == "__main__":
    sys.exit(main())
