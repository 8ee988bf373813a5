"""What makes every table anew: a change of the code that dbt compiles, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import code_version, transform
from warehouse import connection
from warehouse.settings import ROOT, Settings

MODEL = "dbt/models/staging/stg_twilio_messages.sql"
MACRO = "dbt/macros/time.sql"
SHARED = "warehouse/shared_sql/event_positions.sql"
EVENTS = "warehouse/shared_sql/conversation_events.sql"
KPIS = "dbt/macros/kpi_definitions.sql"
PROJECT = "dbt/dbt_project.yml"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what dbt reads, in the place of the project."""
    for folder in ("dbt", "warehouse/shared_sql"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(code_version, "SHARED_SQL", tmp_path / "warehouse/shared_sql")
    monkeypatch.setattr(transform, "PROJECT", tmp_path / "dbt")
    return tmp_path


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (MODEL, "        -- The webhook has no time of sending", "        -- a shop's webhook has none"),
        (MODEL, "-- it, the time", "/* isn't code */ -- it, the time"),
        (MODEL, "select * from renamed", "\n\nselect *\n    from renamed\n"),
        (MACRO, "{# The time that the build computes everything as of. #}", "{# It's\nthe time. #}"),
        (SHARED, "{#", "{# more: "),
        (PROJECT, "# How long after an episode", "# Until when after an episode"),
    ],
)
def test_a_comment_or_a_line_break_changes_nothing(copied: Path, name: str, old: str, new: str) -> None:
    before = code_version.code_version(copied / "dbt")
    edit(copied, name, old, new)
    assert code_version.code_version(copied / "dbt") == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (MODEL, "source.received_at)", "source.changed_at)"),
        (MODEL, "[a-z2-7]{8}", "[a-z2-7]{9}"),
        (MODEL, "select * from renamed", "select * from renamed where 'a -- b' <> 'c'"),
        (MODEL, "select * from renamed", "select * from renamed -- {{ ref('stg_stores') }}"),
        (MACRO, "hours => 24 *", "hours => 25 *"),
        (SHARED, "order by", "order by 1,"),
        (EVENTS, "'bot'", "'agent'"),
        (KPIS, '"percentile": 0.9', '"percentile": 0.95'),
        (PROJECT, "waiting_days: 7", "waiting_days: 8"),
    ],
)
def test_other_code_is_another_version(copied: Path, name: str, old: str, new: str) -> None:
    before = code_version.code_version(copied / "dbt")
    edit(copied, name, old, new)
    assert code_version.code_version(copied / "dbt") != before


def test_a_quoted_comment_is_no_comment(copied: Path) -> None:
    edit(copied, MODEL, "select * from renamed", "select * from renamed where 'a -- b' <> 'c'")
    before = code_version.code_version(copied / "dbt")
    edit(copied, MODEL, "'a -- b'", "'a -- d'")
    assert code_version.code_version(copied / "dbt") != before


def test_models_that_change_names_are_another_version(copied: Path) -> None:
    before = code_version.code_version(copied / "dbt")
    (copied / MODEL).rename(copied / "dbt/models/staging/stg_other.sql")
    assert code_version.code_version(copied / "dbt") != before


def test_a_comment_leaves_the_tables_and_other_code_makes_them_anew(settings: Settings, copied: Path) -> None:
    def starts_over() -> bool:
        transform.build(settings=settings)
        with connection.connect("dbt", settings) as reading, reading.cursor() as cursor:
            cursor.execute(
                "select changed_since = '-infinity' from intermediate.builds order by started_at desc limit 1"
            )
            return cursor.fetchone() == (True,)

    edit(copied, MODEL, "-- it, the time", "-- it, that")
    transform.build(settings=settings)
    edit(copied, MODEL, "-- it, that", "-- it, some")
    assert not starts_over()
    edit(copied, MODEL, "coalesce(source.sent_at, source.received_at)", "source.received_at")
    assert starts_over()
