"""Password hashing: argon2id, with the current default parameters of argon2-cffi."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200  # characters, which bounds the cost of hashing

_hasher = PasswordHasher()
# One hash takes 64 MB, so only two run at a time.
_hashing = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """The hash to store. Raises ValueError if the password is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    with _hashing:
        return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password matches the stored hash. Takes as long for None, so that timing does not reveal which
    accounts exist."""
    if len(password) > LONGEST:
        return False
    with _hashing:
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
