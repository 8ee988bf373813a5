"""Password hashing: argon2id, with the current default parameters of argon2-cffi."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from werkzeug.exceptions import TooManyRequests

SHORTEST = 10
LONGEST = 200  # characters, which bounds the cost of hashing

_hasher = PasswordHasher()
# One hash takes 64 MB, so only two run at a time, and two more may wait. Further ones would occupy threads that
# webhooks need.
_hashing = threading.BoundedSemaphore(2)
_places = threading.BoundedSemaphore(4)
RETRY_SECONDS = 3


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise TooManyRequests(retry_after=RETRY_SECONDS)
    try:
        with _hashing:
            yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """The hash to store. Raises ValueError if the password is too short or too long, and TooManyRequests if many are
    hashed at once."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    with _turn():
        return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password matches the stored hash. Takes as long for None, so that timing does not reveal which
    accounts exist. Raises TooManyRequests if many are checked at once."""
    if len(password) > LONGEST:
        return False
    with _turn():
        try:
            _hasher.verify(stored or _dummy_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with parameters that are no longer current."""
    return _hasher.check_needs_rehash(stored)


def generated() -> str:
    """A random password that is easy to read out: 20 letters and digits in groups of five."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_hex())
