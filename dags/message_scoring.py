"""Labels new messages with issue, urgency and language.

It runs when any row lands, even if it needs no label, and always reports its labels as updated, because KPIs also
depend on statuses, agents' messages and ratings.
"""

from datetime import timedelta

import structlog
from airflow.sdk import DAG, AssetAny, task

from dags.common.assets import CHATBOT_EVENTS, MESSAGE_LABELS, MODELS, TWILIO_MESSAGES, TWILIO_STATUSES
from dags.common.deadlines import deadline
from dags.common.defaults import TASK

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

    @task(outlets=[MESSAGE_LABELS])
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

    label_messages()
