"""HTTP to addresses that others name: to public ones only, whatever a name resolves to."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from warehouse.settings import Settings


class PrivateAddress(OSError):
    """The name leads into a private network."""


def session(settings: Settings) -> requests.Session:
    """A session that reaches public addresses only; private ones too where Twilio's own address is set to one, as in
    tests. It follows no proxy of the environment."""
    made = requests.Session()
    made.trust_env = False
    if not _is_private_deployment(settings):
        for scheme in ("http://", "https://"):
            made.mount(scheme, _PublicAdapter())
    return made


def _is_private_deployment(settings: Settings) -> bool:
    host = urlsplit(settings.twilio_api_base or "").hostname
    if host is None:
        return False
    try:
        return not all(_is_public(address) for address in _addresses(host, 443))
    except OSError:
        return False


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


def _public_address(host: str, port: int) -> str:
    """The address to connect to: looked up once, so that a second look-up cannot give another."""
    addresses = _addresses(host, port)
    if not addresses or not all(_is_public(address) for address in addresses):
        raise PrivateAddress("the address is not a public one")
    return addresses[0]


class _Pinned:
    """Connects to the address that was checked; the certificate is still held against the name."""

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
