"""The customers of the demo shop, the same for the same seed, and the values of the slots in their dialogues."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.dialogues import names, slots

COUNT = 640
_CHANNELS = {"whatsapp": 70, "web": 18, "instagram": 7, "messenger": 5}


@dataclass(frozen=True)
class Customer:
    """A customer who chats. `address` is the WhatsApp address, `given_id` the id on other channels. A few have given
    their phone number there, so that both belong to one person."""

    name: str
    language: str
    haste: float
    channel: str
    address: str
    phone: str | None
    given_id: str
    is_linked: bool


def customers(seed: int) -> list[Customer]:
    """All customers, in descending order of messages."""
    return [_customer(random.Random(f"{seed}/customer/{number}"), number) for number in range(COUNT)]


def _customer(rng: random.Random, number: int) -> Customer:
    language = "id" if rng.random() < 0.66 else "en"
    first = rng.choice(names()["id" if language == "id" or rng.random() < 0.3 else "en"])
    channel = rng.choices(list(_CHANNELS), weights=list(_CHANNELS.values()))[0]
    # Some WhatsApp users hide their number: Twilio then gives an id that is specific to the business.
    phone = None if rng.random() < 0.015 else _phone(rng, language, number)
    return Customer(
        name=f"{first} {rng.choice(names()['last'])}" if rng.random() < 0.6 else first,
        language=language,
        haste=round(rng.betavariate(2.2, 1.8), 3),
        channel=channel,
        address=f"whatsapp:{phone or f'ID.{10**15 + rng.randrange(10**15)}'}",
        phone=phone,
        given_id=f"{channel[:3]}-{rng.randrange(16**10):010x}",
        is_linked=rng.random() < 0.15,
    )


def _phone(rng: random.Random, language: str, number: int) -> str:
    """A number in an unassigned range: +62 84, +65 2, +60 2, and the fictional +1 … 555 01."""
    country = rng.choices(
        ["+6284", "+652", "+602", "+1"], weights=[94, 3, 2, 1] if language == "id" else [70, 12, 8, 10]
    )
    if country[0] == "+1":
        return f"+1{rng.choice([212, 415, 503, 617])}55501{number % 100:02d}"
    # The customer's index makes it unique.
    return f"{country[0]}{rng.randrange(10**4):04d}{number:0{4 if country[0] == '+6284' else 3}d}"


def fill(customer: Customer, at: datetime, rng: random.Random) -> dict[str, str]:
    """The value of each slot in one dialogue, the same in all its lines."""
    values = {name: rng.choice(choices) for name, choices in slots().items()}
    values["product2"] = rng.choice([product for product in slots()["product"] if product != values["product"]])
    digits = rng.randrange(10_000, 99_999)
    values["order"] = rng.choice([f"TS-{digits}", f"#{digits}", f"TS{digits}", str(digits)])
    values["resi"] = f"{rng.choice(['JP', 'TLK', 'SC', 'CM'])}{rng.randrange(10**8, 10**9)}"
    amount = rng.randrange(45, 980) * 1000
    values["amount"] = rng.choice(
        [f"{amount:,}".replace(",", "."), str(amount), f"{amount // 1000}rb", f"{amount // 1000}k"]
    )
    values["small"] = rng.choice(["9.000", "12.000", "15.500", "18.000", "27.000", "38.000"])
    values["n"] = str(rng.randrange(2, 9))
    values["day"] = names()[f"days.{customer.language}"][(at + timedelta(days=rng.randrange(1, 5))).weekday()]
    values["name"] = customer.name.split()[0]
    return values
