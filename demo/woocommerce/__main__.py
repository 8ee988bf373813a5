"""`python -m demo.woocommerce [--orders N] [--speed FACTOR] [--seed N]`: a generated shop in its own process.

Writes one line of JSON (url, key, secret) when it is ready, and serves until its input ends. For each line of input it
writes what it was asked since the last one: how many requests, how many objects were read for them, and the seconds in
which at least one of them was being answered.
"""

from __future__ import annotations

import argparse
import json
import sys

from demo.woocommerce.made_up import made_up_shop
from demo.woocommerce.server import Request, Speed, WooCommerceStandIn


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.woocommerce")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--speed", type=float, default=0, help="1 is as slow as the real shop was")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--basic", action="store_true", help="take Basic authentication, as behind https")
    given = parser.parse_args()
    shop = made_up_shop(given.orders, given.seed)
    shop.analytics.rows()  # Analytics' tables exist before the first request
    with WooCommerceStandIn(shop, trusts_basic=given.basic, speed=Speed(given.speed)) as stand_in:
        print(json.dumps({"url": stand_in.url, "key": stand_in.key, "secret": stand_in.secret}), flush=True)
        told = 0
        for _ in sys.stdin:
            asked = stand_in.requests[told:]
            told += len(asked)
            noted = {"requests": len(asked), "rows": sum(each.rows for each in asked)}
            print(json.dumps({**noted, "busy_seconds": round(busy_seconds(asked), 3)}), flush=True)
    return 0


def busy_seconds(asked: list[Request]) -> float:
    """The seconds during which at least one request was being answered."""
    seconds, until = 0.0, 0.0
    for each in sorted(asked, key=lambda request: request.started):
        seconds += max(0.0, each.ended - max(each.started, until))
        until = max(until, each.ended)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
