"""What stands above the cards of a dashboard: how fresh and sound its figures are, and the insight into them."""

from __future__ import annotations

from dashboards import kpi_definitions
from dashboards.definition import Column, Dashboard, Language, Text
from dashboards.metabase import looks, sql
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
    """When the data are from, the verdict on the dashboard's KPIs, and which cards failed data are behind."""
    named = {(metric, card.title.to(language)) for card in dashboard.cards for metric in card.metrics}
    if not named:
        named = {(metric, each.title.to(language)) for metric, each in kpi_definitions.load().items()}
    cards = ",\n    ".join(f"({sql.quoted(metric)}, {sql.quoted(title)})" for metric, title in sorted(named))
    verdicts = {verdict: sql.quoted(label(language, f"quality_{verdict}")) for verdict in ("pass", "warn", "fail")}
    return Question(
        f"{OWNER}/standing/{dashboard.name}",
        STANDING,
        STANDING_MEANING,
        sql.read("standing", cards=cards, **verdicts),
        "table",
        looks.table(STANDING_COLUMNS, language),
    )


def has_insight(dashboard: Dashboard) -> bool:
    """Whether anything is written about a dashboard: one without KPIs, such as that of the data's health, is of now."""
    return any(card.metrics for card in dashboard.cards)


def insight(dashboard: Dashboard, language: Language) -> Question:
    """The text that was written about the dashboard after the last build."""
    query = sql.read("insight", dashboard=sql.quoted(dashboard.name), language=sql.quoted(language))
    return Question(
        f"{OWNER}/insight/{dashboard.name}",
        INSIGHT,
        INSIGHT_MEANING,
        query,
        "table",
        looks.table(INSIGHT_COLUMNS, language),
    )
