"""Passwords of those who sign in: argon2id, with the parameters that its library recommends today."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200  # characters; hashing reads all of them

_hasher = PasswordHasher()
# One hash takes 64 MB: a crowd at the form waits instead of taking the machine's memory.
_turn = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """What is stored of a password. Raises ValueError if it is shorter or longer than passwords may be."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    with _turn:
        return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. It takes as long when there is none (None), so that the time does not
    tell who has an account."""
    if len(password) > LONGEST:
        return False
    with _turn:
        try:
            _hasher.verify(stored or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the stored hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def generated() -> str:
    """A password that nobody can guess and that can be read out: 20 letters and digits in groups."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex())
