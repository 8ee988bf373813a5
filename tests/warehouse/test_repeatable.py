"""What a database runs is what the files of `migrations/repeatable/` say."""

from __future__ import annotations

from typing import Any

import pytest

from warehouse import shared_sql
from warehouse.settings import ROOT

ANSWER_AFTER_PAUSE = ROOT / "warehouse" / "migrations" / "repeatable" / "answer_after_pause.sql"


@pytest.mark.parametrize("function", ["note_messages", "note_twilio_messages", "note_chatbot_messages"])
def test_the_functions_that_start_the_bot_are_those_of_the_file(query: Any, function: str) -> None:
    ((body,),) = query("select prosrc from pg_proc where oid = %s::regproc", f"app.{function}")
    assert body in shared_sql.render(ANSWER_AFTER_PAUSE)


def test_the_pause_before_the_bot_answers_has_one_default(query: Any) -> None:
    query("insert into app.store_options (store_id) values ('default')")
    assert query("select pause_seconds = app.default_pause_seconds() from app.store_options") == [(True,)]
