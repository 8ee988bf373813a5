"""Fetches new reviews from Google Play every night, scores the sentiment of all reviews that have none, and builds the
figures of all, also of those that were imported from files or landed with a shop's sync.

Apps are those of the settings. One that cannot be fetched stops neither the others nor the build; the run is then
marked as failed, and the settings show the reason.
"""

import structlog
from airflow.sdk import DAG, CronTriggerTimetable, task

from dags.common.assets import FCT_REVIEWS, REVIEWS
from dags.common.defaults import TASK
from dags.common.watcher import fail_with_any_task

with DAG(
    dag_id="review_mining",
    schedule=CronTriggerTimetable("30 18 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    tags=["kabar", "sources", "kpis"],
    doc_md=__doc__,
) as dag:

    @task(outlets=[REVIEWS])
    def fetch_reviews() -> dict[str, int]:
        """Land new and edited reviews of every app; returns how many by app."""
        from sources.reviews import google_play

        done = google_play.fetch_all()
        return {name: outcomes["new"] + outcomes["changed"] for name, outcomes in done.items()}

    @task(trigger_rule="all_done")
    def score_sentiments() -> int:
        """Score all reviews without a sentiment; returns how many. Without a model they stay unscored, which KPIs leave
        out, until the first training."""
        from ml.sentiment.dimensions import seed_missing
        from ml.sentiment.registry import NoModelInUse
        from ml.sentiment.score import score_reviews
        from warehouse.settings import get_settings

        seed_missing(get_settings())
        try:
            return score_reviews()
        except NoModelInUse:
            structlog.get_logger().warning("no_sentiment_model_in_use")
            return 0

    @task(outlets=[FCT_REVIEWS], trigger_rule="all_done")
    def build_reviews() -> None:
        """Build the marts of reviews."""
        from pipeline.transform import build_part

        build_part("reviews")

    fetch_reviews() >> score_sentiments() >> build_reviews()
    fail_with_any_task(dag)
