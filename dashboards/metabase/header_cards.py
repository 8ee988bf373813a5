"""The cards at the top of a dashboard: age and quality of its data, and the insight."""

from __future__ import annotations

from dashboards import kpi_definitions
from dashboards.definition import Column, Dashboard, Language, Text
from dashboards.metabase import query_templates as sql
from dashboards.metabase import visualization
from dashboards.metabase.questions import OWNER, Question
from dashboards.words import label

STANDING = Text(en="How these figures stand", id="Keadaan angka-angka ini")
STANDING_MEANING = Text(
    en="The newest event in the data, whether it was sound when the figures were made, and which cards rest on data "
    "that failed its checks; those show the figures from before.",
    id="Kejadian terbaru dalam data, apakah datanya lolos pemeriksaan saat angka dibuat, dan kartu mana yang bertumpu "
    "pada data yang gagal diperiksa; kartu itu menampilkan angka sebelumnya.",
)
STANDING_COLUMNS = {
    "data_as_of": Column(title=Text(en="Data as of", id="Data per"), format="text"),
    "quality": Column(title=Text(en="Data checks", id="Pemeriksaan data"), format="text"),
    "failed": Column(title=Text(en="Built on data that failed", id="Dibuat dari data yang gagal"), format="text"),
    "late": Column(title=Text(en="Older than they should be", id="Lebih lama dari seharusnya"), format="text"),
}
INSIGHT = Text(en="What changed", id="Apa yang berubah")
INSIGHT_MEANING = Text(
    en="What changed against the period before, where it comes from and what to look at; written after each build, for "
    "the period named beside it, whatever is chosen above.",
    id="Apa yang berubah dibanding periode sebelumnya, dari mana asalnya, dan apa yang perlu dilihat; ditulis setelah "
    "tiap pembuatan, untuk periode di sampingnya, apa pun yang dipilih di atas.",
)
INSIGHT_COLUMNS = {
    "text": Column(title=INSIGHT, format="text"),
    "period": Column(title=Text(en="Period", id="Periode"), format="text"),
}


def standing(dashboard: Dashboard, language: Language) -> Question:
    """The age of the data, the result of its checks, and the cards whose data failed them."""
    titles = {(metric, card.title.to(language)) for card in dashboard.cards for metric in card.metrics}
    if not titles:
        titles = {(metric, each.title.to(language)) for metric, each in kpi_definitions.load().items()}
    cards = ",\n    ".join(f"({sql.quoted(metric)}, {sql.quoted(title)})" for metric, title in sorted(titles))
    verdicts = {verdict: sql.quoted(label(language, f"quality_{verdict}")) for verdict in ("pass", "warn", "fail")}
    query, settings = sql.read("standing", cards=cards, **verdicts), visualization.table(STANDING_COLUMNS, language)
    return Question(f"{OWNER}/standing/{dashboard.name}", STANDING, STANDING_MEANING, query, "table", settings)


def has_insight(dashboard: Dashboard) -> bool:
    """Whether a dashboard has an insight. One without KPIs, such as data health, has none."""
    return any(card.metrics for card in dashboard.cards)


def insight(dashboard: Dashboard, language: Language) -> Question:
    """The insight that was written after the last build."""
    query = sql.read("insight", dashboard=sql.quoted(dashboard.name), language=sql.quoted(language))
    settings = visualization.table(INSIGHT_COLUMNS, language)
    return Question(f"{OWNER}/insight/{dashboard.name}", INSIGHT, INSIGHT_MEANING, query, "table", settings)
