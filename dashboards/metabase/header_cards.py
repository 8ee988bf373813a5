"""The cards at the top of a dashboard: age and quality of its data, and the insight."""

from __future__ import annotations

from dashboards import kpi_definitions
from dashboards.definition import Column, Dashboard, Language
from dashboards.metabase import query_templates as sql
from dashboards.metabase import visualization
from dashboards.metabase.questions import OWNER, Question
from dashboards.words import label
from warehouse.i18n import N_

STANDING = N_("Data status")
STANDING_MEANING = N_(
    "Time of the newest data, the result of the data checks, and cards whose data failed them. Those cards show "
    "figures from before the failure."
)
STANDING_COLUMNS = {
    "data_as_of": Column(title=N_("Data as of"), format="text"),
    "quality": Column(title=N_("Data checks"), format="text"),
    "failed": Column(title=N_("Failed checks"), format="text"),
    "late": Column(title=N_("Late sources"), format="text"),
}
INSIGHT = N_("What changed")
INSIGHT_MEANING = N_(
    "What changed compared with the previous period, where it comes from and what to look at. Updated after each KPI "
    "build, for the period shown and regardless of the filters."
)
INSIGHT_COLUMNS = {
    "text": Column(title=INSIGHT, format="text"),
    "period": Column(title=N_("Period"), format="text"),
}


def standing(dashboard: Dashboard, language: Language) -> Question:
    """The age of the data, the result of its checks, and the cards whose data failed them."""
    titles = sorted(checked_titles(dashboard, language))
    cards = ",\n    ".join(f"({sql.quoted(metric)}, {sql.quoted(title)})" for metric, title in titles)
    verdicts = {verdict: sql.quoted(label(language, f"quality_{verdict}")) for verdict in ("pass", "warn", "fail")}
    query, settings = sql.read("standing", cards=cards, **verdicts), visualization.table(STANDING_COLUMNS, language)
    return Question(f"{OWNER}/standing/{dashboard.name}", STANDING, STANDING_MEANING, query, "table", settings)


def checked_titles(dashboard: Dashboard, language: Language) -> set[tuple[str, str]]:
    """The KPIs whose checks a dashboard reports, with the titles of their cards; all KPIs if it shows none."""
    titles = {(metric, card.title.to(language)) for card in dashboard.cards for metric in card.metrics}
    return titles or {(metric, each.title.to(language)) for metric, each in kpi_definitions.load().items()}


def has_insight(dashboard: Dashboard) -> bool:
    """Whether a dashboard has an insight. One without KPIs, such as data health, has none."""
    return any(card.metrics for card in dashboard.cards)


def insight(dashboard: Dashboard, language: Language) -> Question:
    """The insight that was written after the last build."""
    query = sql.read("insight", dashboard=sql.quoted(dashboard.name), language=sql.quoted(language))
    settings = visualization.table(INSIGHT_COLUMNS, language)
    return Question(f"{OWNER}/insight/{dashboard.name}", INSIGHT, INSIGHT_MEANING, query, "table", settings)
