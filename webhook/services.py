"""What the endpoints need of the deployment, made once when the app is created."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import Flask, current_app
from twilio.request_validator import RequestValidator

from bot.tools import CurrentTools
from ml.language_model import LanguageModel
from warehouse import connection, identity
from warehouse.pool import Pool
from warehouse.settings import Settings
from webhook.landing.group_commit import GroupCommit
from webhook.senders.events import Checker
from webhook.senders.events_secrets import EventsSecrets
from webhook.senders.woocommerce.secrets import ShopSecrets

_EXTENSION = "kabar"
_OPTIONS = "-c statement_timeout=5s -c synchronous_commit=on"


@dataclass(frozen=True)
class Services:
    """`twilio` verifies signatures; None where the deployment has no token, and then nothing is taken. `chatbots` and
    `shops` know the shops' secrets. `bot` are the bot's tools, for previews."""

    settings: Settings
    database: Pool
    hash_key: bytes
    landing: GroupCommit
    twilio: RequestValidator | None
    chatbots: EventsSecrets
    events: Checker
    shops: ShopSecrets
    bot: CurrentTools

    @cached_property
    def language_model(self) -> LanguageModel | None:
        """The inbox's language model, or None if none is configured."""
        return LanguageModel.of(self.settings, role="inbox")


def register(app: Flask, settings: Settings) -> None:
    """Give `app` its services."""
    app.extensions[_EXTENSION] = make(settings)


def make(settings: Settings) -> Services:
    """The services of a deployment. The embedded database is started here if need be, and never by a request. Raises
    SettingsMissing."""
    url = connection.url("webhook", settings)
    database = Pool(lambda: url, "kabar-webhook", _OPTIONS, size=4)
    token = settings.twilio_auth_token
    return Services(
        settings=settings,
        database=database,
        hash_key=identity.hash_key(settings),
        landing=GroupCommit(url),
        twilio=RequestValidator(token.get_secret_value()) if token and settings.public_url else None,
        chatbots=EventsSecrets(database, settings),
        events=Checker(settings.default_region),
        shops=ShopSecrets(database, settings),
        bot=CurrentTools(settings),
    )


def services() -> Services:
    """The services of the current app."""
    return cast(Services, current_app.extensions[_EXTENSION])
