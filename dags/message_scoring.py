"""Gives new messages their sentiment, then issue, urgency and language.

It runs when any row lands, even if it needs no label, and always reports its labels as updated, because KPIs also
depend on statuses, agents' messages and ratings.
"""

from datetime import timedelta

import structlog
from airflow.sdk import DAG, AssetAny, task

from dags.common.assets import CHATBOT_EVENTS, MESSAGE_LABELS, MODELS, TWILIO_MESSAGES, TWILIO_STATUSES
from dags.common.deadlines import deadline
from dags.common.defaults import TASK
from dags.common.watcher import fail_with_any_task

with DAG(
    dag_id="message_scoring",
    schedule=AssetAny(TWILIO_MESSAGES, TWILIO_STATUSES, CHATBOT_EVENTS, MODELS),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    deadline=deadline(minutes=45, lasts=timedelta(hours=2)),
    tags=["kabar", "ml"],
    doc_md=__doc__,
) as dag:

    @task
    def score_sentiments() -> int:
        """Score all messages without a sentiment; returns how many. Without a model they stay unscored, which KPIs
        show, until the first training."""
        from ml.sentiment.registry import NoModelInUse
        from ml.sentiment.score import score_messages

        try:
            return score_messages()
        except NoModelInUse:
            structlog.get_logger().warning("no_sentiment_model_in_use")
            return 0

    # The KPI build follows the labels, so sentiments come first; labels do not wait for sentiments that fail.
    @task(outlets=[MESSAGE_LABELS], trigger_rule="all_done")
    def label_messages() -> int:
        """Label all messages without a label; returns how many. Without a model they stay unlabelled, which KPIs show,
        until the first training."""
        from ml.classifier.registry import NoModelInUse
        from ml.classifier.score import score

        try:
            return score()
        except NoModelInUse:
            structlog.get_logger().warning("no_model_in_use")
            return 0

    score_sentiments() >> label_messages()
    fail_with_any_task(dag)
