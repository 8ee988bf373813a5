"""What deciding needs besides the conversation: models and database connections."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

import structlog

from bot.catalogue.names import ProductNames
from ml.classifier.predict import Predictor, predictor_in_use
from ml.classifier.registry import NoModelInUse, version_in_use
from ml.encoder import store
from ml.encoder.store import Encoder, encoder_in_use
from ml.language_model import LanguageModel
from ml.nli import NliModel, NotAnNliModel
from ml.speech_acts import store as speech_acts_store
from ml.speech_acts.head import SpeechActs
from ml.speech_acts.store import speech_acts_in_use
from warehouse.connection import url
from warehouse.pool import Connection, Pool
from warehouse.settings import Settings

_log = structlog.get_logger()

# Another model is used at most this long after it came into use.
RENEW_SECONDS = 60.0
# A commit need not wait for the disk: whatever is lost with the server is done again, as its job is lost too. Only what
# must be known before a reply leaves waits (bot.delivery.sending), and with it all that was committed before.
_OPTIONS = "-c synchronous_commit=off"


def pool(settings: Settings) -> Pool:
    """Connections of the role `bot`, as many as its jobs hold at once."""
    return Pool(lambda: url("bot", settings), "kabar-bot", _OPTIONS, size=2 * settings.bot_jobs)


@dataclass(frozen=True)
class Tools:
    """Models that are None are not available, and deciding works without them."""

    settings: Settings
    predictor: Predictor | None = None
    encoder: Encoder | None = None
    language_model: LanguageModel | None = None
    nli_model: NliModel | None = None
    speech_acts: SpeechActs | None = None
    product_names: ProductNames = field(default_factory=ProductNames, compare=False)
    connections: Pool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "connections", pool(self.settings))

    def connect(self) -> AbstractContextManager[Connection]:
        """A short-lived connection of the role `bot`; one transaction. Never held open while a model is asked."""
        return self.connections.transaction()


def make(settings: Settings) -> Tools:
    """The models that are in use now."""
    return Tools(
        settings,
        _predictor(settings),
        encoder_in_use(settings),
        LanguageModel.of(settings),
        _nli_model(settings),
        speech_acts_in_use(settings),
    )


def renewed(tools: Tools) -> Tools:
    """The same tools with the classifier, encoder and speech acts that are in use now."""
    settings = tools.settings
    if version_in_use(settings, role="bot") != (tools.predictor.version if tools.predictor else None):
        tools = replace(tools, predictor=_predictor(settings))
    if store.version_in_use(settings) != (tools.encoder.version if tools.encoder else None):
        tools = replace(tools, encoder=encoder_in_use(settings))
    if speech_acts_store.version_in_use(settings) != (tools.speech_acts.version if tools.speech_acts else None):
        tools = replace(tools, speech_acts=speech_acts_in_use(settings))
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


def _nli_model(settings: Settings) -> NliModel | None:
    """Without it the language model judges, so that a wrong folder does not stop the bot."""
    try:
        return NliModel(settings.nli_model) if settings.nli_model else None
    except NotAnNliModel as error:
        _log.error("nli_model_not_loaded", problem=str(error))
        return None
