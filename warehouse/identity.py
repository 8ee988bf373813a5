"""Customer keys: keyed hashes of phone numbers in E.164, ids and e-mail addresses."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

import phonenumbers

from warehouse.settings import Settings, SettingsMissing
from warehouse.state import generated_secret

_WRITTEN_NUMBER = re.compile(r"\s*\+?[0-9(][0-9 ()./-]{4,}")
_INTERNATIONAL_PREFIX = re.compile(r"\A\s*\(?00")
_IVORY_COAST = "1111555777"  # the second digit of a prefix of 2021, by the second digit of the number before

# Spellings in which WhatsApp, shops and people write the same number, and the one that is used for all of them.
_SPELLINGS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # Mexico: WhatsApp keeps the 1 of mobile numbers; 01, 044 and 045 were dialled within the country
    (re.compile(r"\+52(?:1|01|044|045)([0-9]{10})"), r"+52\1"),
    # Argentina: mobile numbers have a 9 abroad and on WhatsApp
    (re.compile(r"\+549([0-9]{10})"), r"+54\1"),
    # Brazil: mobile numbers had eight digits until a 9 was put before them
    (re.compile(r"\+55([1-9][0-9])([6-9][0-9]{7})"), r"+55\g<1>9\2"),
    # Ivory Coast and Benin: eight digits until 2021 and 2024
    (re.compile(r"\+225([04-9]([0-9])[0-9]{6})"), lambda old: f"+2250{_IVORY_COAST[int(old[2])]}{old[1]}"),
    (re.compile(r"\+229([0-9]{8})"), r"+22901\1"),
)


def normalise_phone(text: str, region: str = "ID") -> str | None:
    """A phone number in E.164 (`0812…` is one of `region`, `00` is a plus), or None if it is not a number.

    All spellings of a number give the same one, which need not be the one that is dialled. Digits that are a valid
    number only with a plus are that.
    """
    # The library also reads letters as keypad digits, which would turn ids into numbers.
    if not _WRITTEN_NUMBER.fullmatch(text):
        return None
    written = _INTERNATIONAL_PREFIX.sub("+", text).strip()
    candidates = [written] if written.startswith("+") else [written, f"+{written}"]
    numbers = [number for each in candidates if (number := _parsed(each, region))]
    valid = next((number for number in numbers if phonenumbers.is_valid_number(number)), None)
    possible = numbers[0] if numbers and phonenumbers.is_possible_number(numbers[0]) else None
    found = valid or possible
    return _e164(found) if found else None


def _parsed(written: str, region: str) -> phonenumbers.PhoneNumber | None:
    """The number in the spelling that is used for all."""
    try:
        e164 = _e164(phonenumbers.parse(written, region))
        for spelling, common in _SPELLINGS:
            if spelling.fullmatch(e164):
                return phonenumbers.parse(spelling.sub(common, e164))
        return phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
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
