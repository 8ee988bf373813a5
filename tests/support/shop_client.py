"""A caller of a shop's API that signs as OAuth 1.0a asks, with someone else's library."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_QUERY, Client

from demo.woocommerce import WooCommerceStandIn

RECORDED = Path(__file__).parents[1] / "data/woocommerce_shop"


def signed(url: str, method: str, key: str, secret: str, **options: Any) -> str:
    """The URL with OAuth's parameters in its query."""
    options = {"signature_method": SIGNATURE_HMAC_SHA256, "signature_type": SIGNATURE_TYPE_QUERY} | options
    target, _, _ = Client(key, client_secret=secret, **options).sign(url, method)
    return str(target)


class Caller:
    """`get("/wc/v3/orders", page=2)`, signed with the shop's own key unless told otherwise."""

    def __init__(self, shop: WooCommerceStandIn, root: str = "/wp-json") -> None:
        self.shop, self.root = shop, root

    def ask(self, method: str, path: str, params: dict[str, Any], json: Any = None, **auth: Any) -> requests.Response:
        url = f"{self.shop.url}{self.root}{path}{'?' if params else ''}{urlencode(params)}"
        key, secret = auth.pop("key", self.shop.key), auth.pop("secret", self.shop.secret)
        target = signed(url, method, key, secret, **auth)
        return requests.request(method, target, json=json, timeout=5, allow_redirects=False)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.ask("GET", path, params)

    def ids(self, path: str, **params: Any) -> list[int]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()]

    def all(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every page of a listing."""
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            answer = self.get(path, **{"per_page": 100, **params, "page": page})
            assert answer.status_code == 200, answer.text
            found += answer.json()
            if page >= int(answer.headers["X-WP-TotalPages"]):
                return found
            page += 1
