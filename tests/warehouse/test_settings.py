"""The settings: `.env.example` lists them all, and a wrong value is said in words."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

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
    [
        ("KABAR_DEFAULT_TIMEZONE", "Jakarta"),
        ("KABAR_WEB_PORT", "0"),
        ("KABAR_DEFAULT_REGION", "indonesia"),
        ("KABAR_SECRETS_DIR", "/nowhere/at/all"),
    ],
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


def test_a_file_named_like_a_variable_stands_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "KABAR_READER_PASSWORD").write_text("of a file\n")
    (tmp_path / "KABAR_BOT_PASSWORD").write_text("of a file")
    (tmp_path / "KABAR_SESSION_KEY").write_text("")
    monkeypatch.setenv("KABAR_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("KABAR_BOT_PASSWORD", "of the environment")
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    assert settings.password("reader") == "of a file"
    assert settings.password("bot") == "of the environment"
    assert settings.session_key is None


def test_files_are_not_looked_for_unless_a_folder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "KABAR_READER_PASSWORD").write_text("of a file")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings(action="error"):
        assert Settings(_env_file=None).password("reader") is None  # type: ignore[call-arg]
