"""The buyers of the demo shop: some chat with it, from the same phone number, others never do."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from demo.customers import Customer, customers
from demo.dialogues import names, slots
from demo.shop import SEED

VISITORS = 420


@dataclass(frozen=True)
class Buyer:
    """A buyer. `phone` and `email` are as entered at the checkout, None if left out. `has_account` registers them with
    the first order, under `account_email` if there is one."""

    key: str
    name: str
    email: str
    phone: str | None
    city: str
    has_account: bool
    account_email: str

    @property
    def billing(self) -> dict[str, str]:
        first, _, last = self.name.partition(" ")
        own = {"first_name": first, "last_name": last, "email": self.email, "phone": self.phone or ""}
        return {**own, "city": self.city, "country": "ID"}


@cache
def chatters() -> dict[Customer, Buyer]:
    """The customers of the conversations as buyers."""
    return {each: _buyer(f"chat-{n}", each.name, each.phone) for n, each in enumerate(customers(SEED))}


@cache
def visitors() -> list[Buyer]:
    """Buyers who do not chat, in descending order of purchases."""
    return [_visitor(number) for number in range(VISITORS)]


def _visitor(number: int) -> Buyer:
    rng = random.Random(f"{SEED}/visitor/{number}")
    name = f"{rng.choice(names()['id'])} {rng.choice(names()['last'])}"
    # In the same unassigned range as customers who chat; the second digit differs.
    return _buyer(f"visit-{number}", name, f"+62849{rng.randrange(10**4):04d}{number:04d}")


def _buyer(key: str, name: str, phone: str | None) -> Buyer:
    rng = random.Random(f"{SEED}/buyer/{key}")
    address = f"{name.lower().replace(' ', '.')}.{key.replace('-', '')}@surat.example"
    written = _as_written(phone, rng) if phone and rng.random() < 0.95 else None
    return Buyer(
        key=key,
        name=name,
        email=address.capitalize() if rng.random() < 0.08 else address,
        phone=written,
        city=rng.choice(slots()["city"]),
        has_account=rng.random() < 0.5,
        account_email=address if rng.random() < 0.9 else address.replace("@surat.", "@pos."),
    )


def _as_written(phone: str, rng: random.Random) -> str:
    """A phone number as people enter it."""
    if not phone.startswith("+62"):
        return phone
    digits = phone.removeprefix("+62")
    return rng.choice(
        [
            f"0{digits}",
            f"0{digits}",
            f"0{digits[:3]}-{digits[3:7]}-{digits[7:]}",
            phone,
            f"+62 {digits[:3]} {digits[3:]}",
        ]
    )
