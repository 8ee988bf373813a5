"""Labels customer messages and stores the labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from ml.classifier.predict import Label, Predictor
from ml.customer_messages import Key
from ml.language import UNKNOWN
from warehouse.connection import read_sql

_SAVE = Path(__file__).parent / "sql" / "save_labels.sql"
_COLUMNS = ("source", "message_id", *Label._fields)


def label(predictor: Predictor, texts: Sequence[str]) -> list[Label]:
    """A label for each text, in order. An empty text, such as a picture's, is `other` and `normal`."""
    predicted = iter(predictor.label([text for text in texts if text.strip()]))
    wordless = Label("other", 1.0, "normal", 1.0, UNKNOWN, predictor.version)
    return [next(predicted) if text.strip() else wordless for text in texts]


def save(cursor: Cursor, labels: Mapping[Key, Label]) -> None:
    """Store labels. Existing labels are kept."""
    rows = [(*key, *label) for key, label in labels.items()]
    if rows:
        columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
        cursor.execute(read_sql(_SAVE), columns)
