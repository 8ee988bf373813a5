"""A database of its own with the made-up shops: synced over HTTP from the stand-in, their pages read as uploads are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.dialogues.shop import ShopFile, read, woocommerce_shop
from bot.knowledge import documents
from demo.woocommerce import WooCommerceStandIn
from ml.classifier import registry
from ml.classifier.registry import Decision, Model
from ml.encoder import store
from ml.onnx_model import OnnxModel
from sources import woocommerce
from warehouse import connection, embedded
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_ADD_PAGE = Path(__file__).parents[1] / "sql" / "add_page.sql"


class NoEncoderInUse(RuntimeError):
    """The message names the command that makes one."""

    def __init__(self) -> None:
        super().__init__("no encoder is in use yet: make one with `python -m ml.encoder`")


class Models(NamedTuple):
    classifier: Model
    encoder: OnnxModel


def models_in_use(settings: Settings) -> Models:
    """The models in use. Raises NoModelInUse and NoEncoderInUse."""
    version = store.version_in_use(settings)
    if version is None:
        raise NoEncoderInUse
    return Models(registry.model_in_use(settings), store.load(version, settings))


@contextmanager
def shops_ready(names: Sequence[str], models: Models) -> Iterator[Settings]:
    """A database with these shops, until the context ends."""
    with tempfile.TemporaryDirectory(prefix="kabar-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ.update(KABAR_STATE_DIR=folder, KABAR_DATABASE_URL="", KABAR_ALLOW_PRIVATE_ADDRESSES="true")
        settings = Settings(_env_file=None)
        connection.url("bot", settings)
        try:
            use_models(settings, models)
            for name in names:
                add_shop(settings, read(name))
            yield settings
        finally:
            embedded.stop(settings)


def use_models(settings: Settings, models: Models) -> None:
    store.store(models.encoder, settings)
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
        documents.read_document(settings, _upload(settings, file.shop, name, text.encode()))
    documents.refresh(settings)


def _upload(settings: Settings, store_id: str, name: str, content: bytes) -> int:
    values = {"store_id": store_id, "name": f"{name}.md", "content": content, "bytes": len(content)}
    with transaction("inbox", settings) as opened, opened.cursor() as cursor:
        cursor.execute(read_sql(_ADD_PAGE), values)
        (document_id,) = cursor.fetchone() or (0,)
    return int(document_id)
