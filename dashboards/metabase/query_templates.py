"""Building blocks of the queries in Metabase: template tags, names instead of keys, templates with `$placeholders`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from string import Template

from dashboards.definition import DEFAULTS, FOLDER, PLACEHOLDER, Language, Text
from dashboards.filters import UNCHOSEN
from dashboards.metabase.client import Row
from warehouse.connection import read_sql
from warehouse.i18n import N_

SECONDS_A_MINUTE = 60
TAG_TITLES = {
    "from_day": N_("From"),
    "to_day": N_("To"),
    "store": N_("Shop"),
    "channel": N_("Channel"),
    "issue": N_("Issue"),
    "message_language": N_("Customer's language"),
    "wave": N_("Survey wave"),
}
# The series of a chart whose rows are shown.
PART = "part"
_PART_TITLE = N_("Part")
DAYS = ("from_day", "to_day")
CHOSEN = {
    "from_day": "(select chosen_days.from_day from chosen_days)",
    "to_day": "(select chosen_days.to_day from chosen_days)",
    "wave": "(select chosen_wave.wave from chosen_wave)",
}
BEFORE = {
    "from_day": "(select chosen_days.from_day_before from chosen_days)",
    "to_day": "(select chosen_days.to_day_before from chosen_days)",
    "wave": CHOSEN["wave"],
}


def read(name: str, **parts: str) -> str:
    """The template `name` with its placeholders filled."""
    return Template(read_sql(FOLDER / "metabase" / "sql" / f"{name}.template")).substitute(parts).rstrip("\n")


def with_tags(query: str, given: Mapping[str, str]) -> str:
    """A card's query with template tags instead of its parameters, or with the SQL that is `given` for them, as CHOSEN
    and BEFORE are for days."""
    tagged = PLACEHOLDER.sub(lambda match: given.get(match[1], f"{{{{{match[1]}}}}}"), query)
    return tagged.replace("%%", "%").rstrip().rstrip(";")


def named(column: str, names: Mapping[str, Text], language: Language) -> str:
    """A text column with display names instead of keys; a key without a name stays. As on the page (`words.named`),
    keys in lower case also match in other case."""
    if not names:
        return column
    known = f"lower({column})" if all(key == key.lower() for key in names) else column
    cases = " ".join(f"when {quoted(key)} then {quoted(text.to(language))}" for key, text in names.items())
    return f"case {known} {cases} else {column} end"


def scaled(column: str, format_: str | None) -> str:
    """A duration in minutes: Metabase has no unit that adapts to the value."""
    return f"{column} / {SECONDS_A_MINUTE}.0" if format_ == "duration" else column


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def tag_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"kabar:{name}"))


def tag(name: str, language: Language, default_store: str) -> Row:
    """A template tag in Metabase's format. Days and parts are optional."""
    made: Row = {
        "id": tag_id(name),
        "name": name,
        "display-name": TAG_TITLES.get(name, _PART_TITLE).to(language),
        "type": "date" if name in DAYS else "text",
    }
    if name not in (*DAYS, PART):
        made |= {"required": True, "default": default(name, language, default_store)}
    return made


def default(name: str, language: Language, default_store: str) -> str:
    """The value of a filter for which nothing is chosen. That of survey waves is a text, since Metabase shows the
    values of a list that comes from the data as they are."""
    return UNCHOSEN[name].to(language) if name == "wave" else DEFAULTS.get(name, default_store)
