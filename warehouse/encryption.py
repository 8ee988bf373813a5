"""Encrypts stored secrets, such as shops' keys."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from warehouse.settings import Settings, SettingsMissing
from warehouse.state import generated_secret


class Undecryptable(RuntimeError):
    """The stored text was encrypted with another key, or is damaged."""


def encrypt(secret: str, settings: Settings) -> str:
    """Encrypt with this deployment's key. Raises SettingsMissing."""
    return _fernet(settings).encrypt(secret.encode()).decode()


def decrypt(stored: str, settings: Settings) -> str:
    """Decrypt a stored secret. Raises Undecryptable and SettingsMissing."""
    try:
        return _fernet(settings).decrypt(stored.encode()).decode()
    except InvalidToken:
        raise Undecryptable("a stored secret cannot be read with this KABAR_ENCRYPTION_KEY") from None


def _fernet(settings: Settings) -> Fernet:
    if settings.encryption_key:
        key = settings.encryption_key.get_secret_value()
    elif settings.is_embedded:
        key = generated_secret(settings, "encryption_key")
    else:
        raise SettingsMissing("KABAR_ENCRYPTION_KEY is not set")
    # Fernet needs 32 bytes. The key is long and random, so it needs no stretching.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
