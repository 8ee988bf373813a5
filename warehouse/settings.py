"""The settings of a deployment, from the environment or `.env`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from warehouse.i18n import Language, languages

ROOT = Path(__file__).resolve().parent.parent

Role = Literal["owner", "webhook", "loader", "scorer", "validator", "dbt", "bot", "inbox", "reader"]
ROLES: tuple[Role, ...] = get_args(Role)
COMPONENT_ROLES: tuple[Role, ...] = tuple(role for role in ROLES if role != "owner")

# Hosts that need no encryption.
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_SECRETS_DIR = "KABAR_SECRETS_DIR"
_SMTP_OVER_TLS = 465


def _offered(language: Language) -> Language:
    if language not in languages():
        raise ValueError(f"is one of {', '.join(languages())}")
    return language


Offered = Annotated[Language, AfterValidator(_offered)]
"""A language that there is a catalogue of."""


class SettingsMissing(RuntimeError):
    """A required setting is missing; the message names the variable."""


class _SecretFiles(SecretsSettingsSource):
    """Values from files named after their variables, in the folder `KABAR_SECRETS_DIR`. Empty files are ignored."""

    def __call__(self) -> dict[str, Any]:
        named = self.current_state.get(_SECRETS_DIR)
        # A validator reports a missing folder.
        self.secrets_dir = named if named and Path(named).is_dir() else None
        return {name: value for name, value in super().__call__().items() if value}


class Settings(BaseSettings):
    """`.env.example` documents the variables; a test compares the two."""

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True, populate_by_name=True, frozen=True,
        # an invalid secret is still secret
        hide_input_in_errors=True,
    )  # fmt: skip

    database_url: str | None = Field(None, validation_alias="KABAR_DATABASE_URL")
    state_dir: Path | None = Field(None, validation_alias="KABAR_STATE_DIR")
    secrets_dir: Path | None = Field(None, validation_alias=_SECRETS_DIR)
    hash_key: SecretStr | None = Field(None, validation_alias="KABAR_HASH_KEY")
    encryption_key: SecretStr | None = Field(None, validation_alias="KABAR_ENCRYPTION_KEY")
    default_store: str = Field("default", validation_alias="KABAR_DEFAULT_STORE")
    default_timezone: str = Field("Asia/Jakarta", validation_alias="KABAR_DEFAULT_TIMEZONE")
    default_region: str = Field("ID", validation_alias="KABAR_DEFAULT_REGION", pattern="^[A-Z]{2}$")

    public_url: str | None = Field(None, validation_alias="KABAR_PUBLIC_URL")
    events_secret: SecretStr | None = Field(None, validation_alias="KABAR_EVENTS_SECRET")
    session_key: SecretStr | None = Field(None, validation_alias="KABAR_SESSION_KEY")
    session_hours: int = Field(12, validation_alias="KABAR_SESSION_HOURS", ge=1)
    web_host: str = Field("127.0.0.1", validation_alias="KABAR_WEB_HOST")
    web_port: int = Field(8000, validation_alias="KABAR_WEB_PORT", ge=1, le=65535)
    trusted_proxies: int = Field(0, validation_alias="KABAR_TRUSTED_PROXIES", ge=0, le=10)
    web_workers: int = Field(2, validation_alias="KABAR_WEB_WORKERS", ge=1)
    web_threads: int = Field(8, validation_alias="KABAR_WEB_THREADS", ge=1)
    max_body_bytes: int = Field(1_048_576, validation_alias="KABAR_MAX_BODY_BYTES", ge=1024)

    airflow_port: int = Field(8080, validation_alias="KABAR_AIRFLOW_PORT", ge=1, le=65535)

    twilio_account_sid: str | None = Field(None, validation_alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr | None = Field(None, validation_alias="TWILIO_AUTH_TOKEN")
    twilio_api_base: str | None = Field(None, validation_alias="TWILIO_API_BASE")
    allow_private_addresses: bool = Field(False, validation_alias="KABAR_ALLOW_PRIVATE_ADDRESSES")
    twilio_history_days: int = Field(183, validation_alias="KABAR_TWILIO_HISTORY_DAYS", ge=1)

    base_model: str | None = Field(None, validation_alias="KABAR_BASE_MODEL")
    nli_model: Path | None = Field(None, validation_alias="KABAR_NLI_MODEL")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_model: str = Field("gpt-4o-mini", validation_alias="OPENAI_MODEL")
    openai_temperature: float = Field(0.2, validation_alias="KABAR_OPENAI_TEMPERATURE", ge=0, le=2)
    openai_seconds: float = Field(8.0, validation_alias="KABAR_OPENAI_SECONDS", gt=0, le=12)
    openai_tokens_per_day: int = Field(1_000_000, validation_alias="KABAR_OPENAI_TOKENS_PER_DAY", ge=0)

    bot_jobs: int = Field(4, validation_alias="KABAR_BOT_JOBS", ge=1, le=64)

    metabase_url: str | None = Field(None, validation_alias="KABAR_METABASE_URL")
    metabase_user: str | None = Field(None, validation_alias="KABAR_METABASE_USER")
    metabase_password: SecretStr | None = Field(None, validation_alias="KABAR_METABASE_PASSWORD")
    metabase_api_key: SecretStr | None = Field(None, validation_alias="KABAR_METABASE_API_KEY")
    metabase_language: Offered = Field("en", validation_alias="KABAR_METABASE_LANGUAGE")
    metabase_recipients: str = Field("", validation_alias="KABAR_METABASE_RECIPIENTS")
    metabase_database_host: str | None = Field(None, validation_alias="KABAR_METABASE_DATABASE_HOST")

    alert_language: Offered = Field("en", validation_alias="KABAR_ALERT_LANGUAGE")
    alert_recipients: str | None = Field(None, validation_alias="KABAR_ALERT_RECIPIENTS")
    alert_sender: str | None = Field(None, validation_alias="KABAR_ALERT_SENDER")
    alert_webhook_url: SecretStr | None = Field(None, validation_alias="KABAR_ALERT_WEBHOOK_URL")
    smtp_host: str | None = Field(None, validation_alias="KABAR_SMTP_HOST")
    smtp_port: int = Field(587, validation_alias="KABAR_SMTP_PORT", ge=1, le=65535)
    smtp_user: str | None = Field(None, validation_alias="KABAR_SMTP_USER")
    smtp_password: SecretStr | None = Field(None, validation_alias="KABAR_SMTP_PASSWORD")

    owner_password: SecretStr | None = Field(None, validation_alias="KABAR_OWNER_PASSWORD")
    webhook_password: SecretStr | None = Field(None, validation_alias="KABAR_WEBHOOK_PASSWORD")
    loader_password: SecretStr | None = Field(None, validation_alias="KABAR_LOADER_PASSWORD")
    scorer_password: SecretStr | None = Field(None, validation_alias="KABAR_SCORER_PASSWORD")
    validator_password: SecretStr | None = Field(None, validation_alias="KABAR_VALIDATOR_PASSWORD")
    dbt_password: SecretStr | None = Field(None, validation_alias="KABAR_DBT_PASSWORD")
    bot_password: SecretStr | None = Field(None, validation_alias="KABAR_BOT_PASSWORD")
    inbox_password: SecretStr | None = Field(None, validation_alias="KABAR_INBOX_PASSWORD")
    reader_password: SecretStr | None = Field(None, validation_alias="KABAR_READER_PASSWORD")

    @field_validator("default_timezone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is not an IANA time zone, such as Asia/Jakarta")
        return name

    @field_validator("alert_webhook_url")
    @classmethod
    def _is_https_or_loopback(cls, url: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(url.get_secret_value() if url else "https://")
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return url
        raise ValueError("the address for alerts begins with https://, or is one of this machine")

    @field_validator("secrets_dir")
    @classmethod
    def _is_a_folder(cls, folder: Path | None) -> Path | None:
        if folder and not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings, _SecretFiles(settings_cls)

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.default_timezone)

    @property
    def smtp_security(self) -> Literal["ssl", "starttls", "none"]:
        """How mail is encrypted on its way to the SMTP server: always, unless that is on this machine."""
        if self.smtp_port == _SMTP_OVER_TLS:
            return "ssl"
        return "none" if self.smtp_host in LOOPBACK else "starttls"

    @property
    def mail_sender(self) -> str:
        """The address that mail is from."""
        return self.alert_sender or self.smtp_user or f"kabar@{self.smtp_host}"

    @property
    def is_embedded(self) -> bool:
        return self.database_url is None

    def password(self, role: Role) -> str | None:
        """The password that the environment gives to a role, or None."""
        secret: SecretStr | None = getattr(self, f"{role}_password")
        return secret.get_secret_value() if secret else None


def variable_names() -> list[str]:
    """The environment variables of all settings, in order of definition."""
    return [str(field.validation_alias) for field in Settings.model_fields.values()]


@cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
