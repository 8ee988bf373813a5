"""HTTP requests to URLs that others provide, restricted to public addresses (SSRF protection)."""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import ip_network
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from warehouse.settings import Settings

Fault = Literal["url", "unknown", "https", "private"]
# A gateway may translate these IPv6 addresses to private IPv4 ones.
_TRANSLATED = [ip_network(each) for each in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")]


class PrivateAddress(OSError):
    """The host is in a private network."""


def session(settings: Settings) -> requests.Session:
    """A session for public addresses only, unless the deployment allows private ones. Ignores proxies in the
    environment."""
    made = requests.Session()
    made.trust_env = False
    if not settings.allow_private_addresses:
        for scheme in ("http://", "https://"):
            made.mount(scheme, _PublicAdapter())
    return made


def fault_of(url: str, settings: Settings) -> Fault | None:
    """Why a `session` would refuse a URL, or None: `url` if it is invalid, `unknown` if the host name does not resolve,
    `https` if it lacks https, `private` if the host is in a private network."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "url"
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.fragment:
        return "url"
    try:
        is_public = all(_is_public(address) for address in _addresses(host, port or 443))
    except OSError:
        return "unknown"
    if not is_public and settings.allow_private_addresses:
        return None
    if parts.scheme != "https":
        return "https"
    return None if is_public else "private"


def leads_inside(error: BaseException | None) -> bool:
    """Whether a request failed because of a private address."""
    while error is not None:
        if isinstance(error, PrivateAddress) or any(isinstance(part, PrivateAddress) for part in error.args):
            return True
        error = error.__cause__ or error.__context__
    return False


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # an invalid name, such as `a..b`
        raise OSError("the name can be none") from error
    return [str(address[0]) for *_, address in found]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _TRANSLATED)


def _public_address(host: str, port: int) -> str:
    """The checked address to connect to, resolved once so that no second look-up can change it."""
    addresses = _addresses(host, port)
    if not addresses or not all(_is_public(address) for address in addresses):
        raise PrivateAddress("the address is not a public one")
    return addresses[0]


class _Pinned:
    """Connects to the checked address; the certificate is still verified for the name."""

    _dns_host: str
    port: int

    def _new_conn(self) -> socket.socket:
        named = self._dns_host
        self._dns_host = _public_address(named, self.port)
        try:
            connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        finally:
            self._dns_host = named
        return connected


class _PublicHTTP(_Pinned, HTTPConnection):
    pass


class _PublicHTTPS(_Pinned, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
