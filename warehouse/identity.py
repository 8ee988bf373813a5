"""Customer keys: keyed hashes of phone numbers in E.164, ids and e-mail addresses."""

from __future__ import annotations

import hashlib
import hmac
import re

import phonenumbers

from warehouse.settings import Settings, SettingsMissing
from warehouse.state import generated_secret

_WRITTEN_NUMBER = re.compile(r"\s*\+?[0-9(][0-9 ()./-]{4,}")


def normalise_phone(text: str, region: str = "ID") -> str | None:
    """A phone number in E.164 (`0812…` is one of `region`), or None if it is not a number."""
    # The library also reads letters as keypad digits, which would turn ids into numbers.
    if not _WRITTEN_NUMBER.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def hash_key(settings: Settings) -> bytes:
    """The secret key of the hashes, generated for the embedded server. Raises SettingsMissing."""
    if settings.hash_key:
        return settings.hash_key.get_secret_value().encode()
    if settings.is_embedded:
        return generated_secret(settings, "hash_key").encode()
    raise SettingsMissing("KABAR_HASH_KEY is not set")


def phone_key(e164: str, key: bytes) -> str:
    """The customer key of a phone number, 32 hexadecimal digits."""
    return _keyed(f"phone:{e164}", key)


def id_key(given_id: str, key: bytes) -> str:
    """The customer key of a channel's id, 32 hexadecimal digits."""
    return _keyed(f"id:{given_id}", key)


def email_key(address: str, key: bytes) -> str | None:
    """The key of an e-mail address in any case, 32 hexadecimal digits; None if it is not an address."""
    folded = address.strip().casefold()
    return _keyed(f"email:{folded}", key) if "@" in folded else None


def _keyed(value: str, key: bytes) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:32]
