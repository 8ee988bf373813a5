"""Assets: the tables that connect the DAGs. Host and port in the URIs are placeholders: if they followed the embedded
server's port, the assets would become new ones that no DAG waits for."""

from airflow.sdk import Asset, AssetWatcher

from dags.common.landing_trigger import LandingTrigger


def _table(name: str, *, is_watched: bool = False, rest_seconds: float = 20) -> Asset:
    schema, table = name.split(".")
    trigger = LandingTrigger(name, rest_seconds=rest_seconds)
    watchers = [AssetWatcher(name=f"{name} landings", trigger=trigger)] if is_watched else []
    return Asset(name=name, uri=f"postgres://warehouse:5432/kabar/{schema}/{table}", watchers=watchers)


TWILIO_MESSAGES = _table("raw.twilio_messages", is_watched=True)
TWILIO_STATUSES = _table("raw.twilio_statuses", is_watched=True)
CHATBOT_EVENTS = _table("raw.chatbot_events", is_watched=True)
SURVEY_ANSWERS = _table("raw.survey_answers", is_watched=True, rest_seconds=600)
WOOCOMMERCE_OBJECTS = Asset(name="raw.woocommerce", uri="postgres://warehouse:5432/kabar/raw/woocommerce_orders")
MODELS = _table("ml.models")
MESSAGE_LABELS = _table("ml.message_labels")
SATISFACTION_PREDICTIONS = _table("ml.satisfaction_predictions")
KPI_DAILY = _table("marts.kpi_daily")
REVIEWS = _table("raw.reviews")
FCT_REVIEWS = _table("marts.fct_reviews")
SURVEY_FIGURES = _table("marts.survey_items")
INCIDENTS = _table("quality.incidents")
INSIGHTS = _table("ml.insights")
