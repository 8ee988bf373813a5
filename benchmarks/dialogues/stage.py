"""A database of its own with the made-up shops: synced over HTTP from the stand-in, their pages read as uploads are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.dialogues.shop import ShopFile, read, woocommerce_shop
from bot.knowledge import documents, uploads
from demo.woocommerce import WooCommerceStandIn
from ml.classifier import registry
from ml.classifier.registry import Decision, Model
from ml.encoder import store
from ml.language_model import LanguageModel
from ml.onnx_model import OnnxModel
from ml.speech_acts import store as speech_acts
from ml.speech_acts.head import Head
from sources import woocommerce
from warehouse import connection, embedded
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings, SettingsMissing

_SQL = Path(__file__).parent / "sql"
_LANGUAGE_MODEL = tuple(name for name in Settings.model_fields if name.startswith("openai_") or name == "nli_model")
_NO_LANGUAGE_MODEL = dict.fromkeys(("openai_api_key", "openai_base_url", "nli_model"))


class NotMade(RuntimeError):
    """The message names the command that makes what is missing."""


class Models(NamedTuple):
    """`language_model`: settings of the one to play with, if any, and of the model that checks its answers."""

    classifier: Model
    encoder: OnnxModel
    speech_acts: Head
    language_model: dict[str, Any]


def models_in_use(settings: Settings, with_language_model: bool) -> Models:
    """The models in use, and the configured language model if it is asked for. Raises NoModelInUse, NotMade and
    SettingsMissing."""
    if with_language_model and LanguageModel.of(settings) is None:
        raise SettingsMissing("--language-model needs OPENAI_API_KEY or OPENAI_BASE_URL")
    version = store.version_in_use(settings)
    if version is None:
        raise NotMade("no encoder is in use yet: make one with `python -m ml.encoder`")
    head = speech_acts.load(version, settings)
    if head is None:
        raise NotMade("nothing predicts speech acts yet: make it with `python -m ml.encoder --if-missing`")
    configured = {name: getattr(settings, name) for name in _LANGUAGE_MODEL}
    return Models(
        registry.model_in_use(settings),
        store.load(version, settings),
        head,
        configured if with_language_model else _NO_LANGUAGE_MODEL,
    )


@contextmanager
def shops_ready(names: Sequence[str], models: Models) -> Iterator[Settings]:
    """A database with these shops, until the context ends."""
    with tempfile.TemporaryDirectory(prefix="kabar-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ.update(KABAR_STATE_DIR=folder, KABAR_DATABASE_URL="", KABAR_ALLOW_PRIVATE_ADDRESSES="true")
        settings = Settings(_env_file=None).model_copy(update=models.language_model)
        connection.url("bot", settings)
        try:
            use_models(settings, models)
            for name in names:
                add_shop(settings, read(name))
            yield settings
        finally:
            embedded.stop(settings)


def use_models(settings: Settings, models: Models) -> None:
    speech_acts.store(models.speech_acts, store.store(models.encoder, settings), settings)
    registry.save(models.classifier, settings)
    version, metrics = models.classifier.version, models.classifier.metrics
    registry.record(Decision(version, None, True, "for the dialogues", metrics, None), settings)


def add_shop(settings: Settings, file: ShopFile) -> None:
    """Sync the shop, and read its pages and products as the worker does."""
    with WooCommerceStandIn(woocommerce_shop(file)) as stand_in:
        woocommerce.add(file.shop, stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync(file.shop, settings)
    with transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "name_shop.sql"), {"store_id": file.shop, "name": file.name})
        for weekday, opens, closes in file.hours:
            values = {"store_id": file.shop, "weekday": weekday, "opens": opens, "closes": closes}
            cursor.execute(read_sql(_SQL / "add_hours.sql"), values)
    for name, text in file.pages.items():
        with transaction("inbox", settings) as opened, opened.cursor() as cursor:
            document_id = uploads.add(cursor, file.shop, f"{name}.md", text.encode())
        documents.read_document(settings, document_id)
    documents.refresh(settings)


def language_model_calls(settings: Settings) -> list[tuple[str, int, int]]:
    """The calls of the language model as (outcome, calls, tokens)."""
    with transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "language_model_calls.sql"))
        return cursor.fetchall()
