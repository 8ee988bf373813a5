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


@pytest.mark.parametrize(
    ("written", "region", "same"),
    [
        ("+5215512345678", "ID", "+52 55 1234 5678"),
        ("5215512345678", "ID", "+525512345678"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("55 1234 5678", "MX", "+5215512345678"),
        ("+5491123456789", "ID", "+541123456789"),
        ("011 15 2345-6789", "AR", "+5491123456789"),
        ("+54 9 351 234 5678", "ID", "+543512345678"),
        ("+552187654321", "ID", "+5521987654321"),
        ("(21) 8765-4321", "BR", "+55 21 98765-4321"),
        ("55 11 6123 4567", "ID", "+5511961234567"),
        ("+22990011234", "ID", "+2290190011234"),
        ("+22507123456", "CI", "+2250707123456"),
        ("+22545123456", "CI", "+2250545123456"),
        ("00628123456789", "ID", "08123456789"),
        ("0062 812-3456-789", "ID", "+62 0812 3456 789"),
        ("0044 20 7946 0958", "ID", "+442079460958"),
        ("14155552671", "ID", "+1 415 555 2671"),
        ("442079460958", "ID", "+442079460958"),
        ("4915112345678", "ID", "+49 (0)151 12345678"),
        ("60123456789", "ID", "+60 12-345 6789"),
    ],
)
def test_all_spellings_of_a_countrys_numbers_are_one(written: str, region: str, same: str) -> None:
    assert normalise_phone(written, region) is not None
    assert normalise_phone(written, region) == normalise_phone(same, region)


@pytest.mark.parametrize(("written", "number"), [("+552133334444", "+552133334444"), ("+56912345678", "+56912345678")])
def test_other_numbers_stay_as_they_are(written: str, number: str | None) -> None:
    assert normalise_phone(written) == number


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_ids_of_digits_are_no_numbers(channel: str) -> None:
    form = {"MessageSid": "SM1", "From": f"{channel}:4915112345678", "To": f"{channel}:1"}
    assert from_form(form, "default", KEY).customer_key == id_key("4915112345678", KEY)


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
