"""`python -m demo.metabase`: the stand-in by itself, to try `python -m dashboards provision` on."""

from __future__ import annotations

import argparse
import time
from contextlib import suppress

from demo.metabase import MetabaseStandIn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.metabase", description=__doc__)
    parser.add_argument("--version", type=int, default=57, help="the minor version that it is: 56 is 0.56")
    arguments = parser.parse_args()
    with MetabaseStandIn(arguments.version) as metabase, suppress(KeyboardInterrupt):
        print(f"KABAR_METABASE_URL={metabase.url}", flush=True)
        while True:
            time.sleep(1)


if __name__ == "__main__":
    main()
