"""The settings: `.env.example` lists them all, and a wrong value is said in words."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from warehouse.settings import ROOT, Settings, variable_names


def test_the_example_file_lists_every_variable_and_no_other() -> None:
    listed = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(variable_names())


def test_the_defaults_of_the_example_file_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = dict(re.findall(r"^#([A-Z_]+)=([\w./]+)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    fields = {str(field.validation_alias): field.default for field in Settings.model_fields.values()}
    assert shown
    assert shown == {name: str(fields[name]) for name in shown}


@pytest.mark.parametrize(
    ("name", "value"),
    [("KABAR_DEFAULT_TIMEZONE", "Jakarta"), ("KABAR_WEB_PORT", "0"), ("KABAR_DEFAULT_REGION", "indonesia")],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Settings(_env_file=None)  # type: ignore[call-arg]


def test_no_secret_shows_in_the_settings_own_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_AUTH_TOKEN", "KABAR_HASH_KEY", "KABAR_EVENTS_SECRET", "KABAR_READER_PASSWORD"):
        monkeypatch.setenv(name, "canary-7788")
    assert "canary-7788" not in repr(Settings(_env_file=None))  # type: ignore[call-arg]
