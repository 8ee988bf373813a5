"""One person, one key: however a number is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.identity import id_key, normalise_phone, phone_key
from warehouse.settings import Settings, SettingsMissing
from warehouse.twilio_shape import from_form, from_record, without_nul

KEY = b"key"


@pytest.mark.parametrize(
    "written", ["+62 812-3456-7890", "0812 3456 7890", "6281234567890", "(0812) 34567890", "+6281234567890"]
)
def test_a_number_has_one_form(written: str) -> None:
    assert normalise_phone(written) == "+6281234567890"


@pytest.mark.parametrize("written", ["", "12", "no number", "+", "+0000000000000000000000", "IN.2081978709342942"])
def test_what_cannot_be_a_number_has_none(written: str) -> None:
    assert normalise_phone(written) is None


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = normalise_phone(text)
    assert number is None or normalise_phone(number) == number


def test_a_number_and_an_id_of_the_same_digits_are_two_customers() -> None:
    assert phone_key("+6281234567890", KEY) != id_key("+6281234567890", KEY)


def test_the_key_depends_on_the_secret() -> None:
    assert phone_key("+6281234567890", KEY) != phone_key("+6281234567890", b"another")


@pytest.mark.parametrize(
    "address", ["whatsapp:+6281234567890", "whatsapp:IN.2081978709342942", "messenger:12", "+62811111111"]
)
def test_the_webhook_and_twilios_record_tell_the_same_message(address: str) -> None:
    form = {"MessageSid": "SM1", "AccountSid": "AC1", "From": address, "To": "whatsapp:+1", "Body": "halo"}
    record = {"sid": "SM1", "account_sid": "AC1", "direction": "inbound", "from": address, "to": "whatsapp:+1"}
    record["body"] = "halo"
    assert from_form(form, "default", KEY) == from_record(record, "default", KEY)


def test_what_goes_out_belongs_to_whom_it_goes_to() -> None:
    inbound = from_form({"MessageSid": "SM1", "From": "whatsapp:+6281234567890", "To": "whatsapp:+1"}, "default", KEY)
    outbound = from_record(
        {"sid": "SM2", "from": "whatsapp:+1", "to": "whatsapp:+6281234567890", "direction": "outbound-api"},
        "default",
        KEY,
    )
    assert (outbound.customer_key, outbound.direction) == (inbound.customer_key, "outbound")


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_nul_is_left_anywhere(value: object) -> None:
    assert "\\x00" not in repr(without_nul(value)).replace("\\\\", "")


def test_an_external_database_asks_for_the_hash_key() -> None:
    from warehouse.identity import hash_key

    settings = Settings(_env_file=None, KABAR_DATABASE_URL="postgresql://localhost/kabar")  # type: ignore[call-arg]
    with pytest.raises(SettingsMissing, match="KABAR_HASH_KEY"):
        hash_key(settings)
