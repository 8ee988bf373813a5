"""What deciding needs besides the conversation: models and database connections."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from ml.classifier.predict import Predictor, predictor_in_use
from ml.classifier.registry import NoModelInUse, version_in_use
from ml.encoder import store
from ml.encoder.store import Encoder, encoder_in_use
from ml.language_model import LanguageModel
from warehouse.connection import url
from warehouse.settings import Settings

# Another model is used at most this long after it came into use.
RENEW_SECONDS = 60.0
# A commit need not wait for the disk: whatever is lost with the server is done again, as its job is lost too. Only what
# must be known before a reply leaves waits (bot.delivery.sending), and with it all that was committed before.
_OPTIONS = "-c synchronous_commit=off"
_TRUSTED_SECONDS = 2.0  # after which a connection that lay idle is asked whether it still leads to a server


class Connections:
    """Connections of the role `bot` that are kept for the next who asks: opening one takes longer than most steps."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: deque[tuple[Connection, float]] = deque()

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection with one transaction: committed at the end, rolled back on an error."""
        with self.session() as connection, connection:
            yield connection

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection whose transactions are the caller's; one that is left open is rolled back."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[0].close()

    def _take(self) -> Connection:
        while self._idle:
            connection, idle_since = self._idle.pop()
            if time.monotonic() - idle_since < _TRUSTED_SECONDS or _is_alive(connection):
                return connection
        return psycopg2.connect(url("bot", self._settings), application_name="kabar-bot", options=_OPTIONS)

    def _give_back(self, connection: Connection) -> None:
        if connection.closed or len(self._idle) >= 2 * self._settings.bot_jobs:
            connection.close()
            return
        try:
            connection.rollback()
            self._idle.append((connection, time.monotonic()))
        except psycopg2.Error:
            connection.close()


def _is_alive(connection: Connection) -> bool:
    """Whether a connection that lay idle still leads to a server."""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("select 1")
    except psycopg2.Error:
        connection.close()
        return False
    return True


@dataclass(frozen=True)
class Tools:
    """Models that are None are not available, and deciding works without them."""

    settings: Settings
    predictor: Predictor | None = None
    encoder: Encoder | None = None
    language_model: LanguageModel | None = None
    connections: Connections = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "connections", Connections(self.settings))

    def connect(self) -> AbstractContextManager[Connection]:
        """A short-lived connection of the role `bot`; one transaction. Never held open while a model is asked."""
        return self.connections.connect()


def make(settings: Settings) -> Tools:
    """The models that are in use now."""
    return Tools(settings, _predictor(settings), encoder_in_use(settings), LanguageModel.of(settings))


def renewed(tools: Tools) -> Tools:
    """The same tools with the classifier and encoder that are in use now."""
    settings = tools.settings
    if version_in_use(settings, role="bot") != (tools.predictor.version if tools.predictor else None):
        tools = replace(tools, predictor=_predictor(settings))
    if store.version_in_use(settings) != (tools.encoder.version if tools.encoder else None):
        tools = replace(tools, encoder=encoder_in_use(settings))
    return tools


class CurrentTools:
    """Tools for a process that needs them rarely: loaded on first use, since that takes seconds, and renewed later.
    Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._tools: Tools | None = None
        self._renewed_at = 0.0

    def current(self) -> Tools:
        """Raises SettingsMissing without a password of the role `bot`."""
        with self._lock:
            if self._tools is None:
                self._tools = make(self._settings)
            elif time.monotonic() - self._renewed_at < RENEW_SECONDS:
                return self._tools
            else:
                self._tools = renewed(self._tools)
            self._renewed_at = time.monotonic()
            return self._tools


def _predictor(settings: Settings) -> Predictor | None:
    try:
        return predictor_in_use(settings, role="bot")
    except NoModelInUse:
        return None
