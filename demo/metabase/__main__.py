"""`python -m demo.metabase` runs the stand-in alone, to try `python -m dashboards provision` with."""

from __future__ import annotations

import time
from contextlib import suppress

from demo.metabase import MetabaseStandIn


def main() -> None:
    with MetabaseStandIn() as metabase, suppress(KeyboardInterrupt):
        print(f"KABAR_METABASE_URL={metabase.url}", flush=True)
        while True:
            time.sleep(1)


if __name__ == "__main__":
    main()
