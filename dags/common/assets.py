"""Assets: the tables that connect the DAGs. Host and port in the URIs are placeholders: if they followed the embedded
server's port, the assets would become new ones that no DAG waits for."""

from airflow.sdk import Asset, AssetWatcher

from dags.common.landing_trigger import LandingTrigger


def _table(name: str, *, is_watched: bool = False) -> Asset:
    schema, table = name.split(".")
    watchers = [AssetWatcher(name=f"{name} landings", trigger=LandingTrigger(name))] if is_watched else []
    return Asset(name=name, uri=f"postgres://warehouse:5432/kabar/{schema}/{table}", watchers=watchers)


TWILIO_MESSAGES = _table("raw.twilio_messages", is_watched=True)
TWILIO_STATUSES = _table("raw.twilio_statuses", is_watched=True)
CHATBOT_EVENTS = _table("raw.chatbot_events", is_watched=True)
WOOCOMMERCE_OBJECTS = Asset(name="raw.woocommerce", uri="postgres://warehouse:5432/kabar/raw/woocommerce_orders")
MODELS = _table("ml.models")
MESSAGE_LABELS = _table("ml.message_labels")
SATISFACTION_PREDICTIONS = _table("ml.satisfaction_predictions")
KPI_DAILY = _table("marts.kpi_daily")
INCIDENTS = _table("quality.incidents")
FORECASTS = _table("ml.forecasts")
INSIGHTS = _table("ml.insights")
