"""The queue's tasks and their retries."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from bot import review_uploads
from bot.conversation import answering
from bot.deciding import rating
from bot.delivery import media, reconciling
from bot.knowledge import documents
from bot.queue import LATER
from bot.services import Services

QUEUE = "bot"
# After 2, 4, 8 … 64 seconds.
MAX_RETRIES = 6
FAILED_KEPT_HOURS = 30 * 24
log = structlog.get_logger()


class GrowingPauses(BaseRetryStrategy):
    """Exponential pauses; jobs that are due go first."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        # Not the message: those of the database contain values.
        place = traceback.extract_tb(exception.__traceback__)[-1]
        log.error(
            "job_failed",
            task=job.task_name,
            job=job.id,
            attempts=job.attempts,
            kind=type(exception).__name__,
            place=f"{Path(place.filename).name}:{place.lineno}",
        )
        if job.attempts >= MAX_RETRIES:
            return None
        return RetryDecision(retry_in={"seconds": 2 ** (job.attempts + 1)}, priority=LATER)


def register(app: App, services: Services) -> None:
    """Register all tasks with `app`."""
    _register_conversations(app, services)
    _register_documents(app, services)
    _register_reviews(app, services)
    _register_periodic(app, services)


def _task(app: App, name: str) -> Callable[[Callable[..., Any]], Any]:
    return app.task(name=name, queue=QUEUE, retry=GrowingPauses(), pass_context=True)


def _at_last(context: JobContext, work: Callable[[], None], give_up: Callable[[], None]) -> None:
    """Run `work`, and `give_up` if its last attempt fails."""
    try:
        work()
    except Exception:
        if context.job.attempts >= MAX_RETRIES:
            give_up()
        raise


def _register_conversations(app: App, services: Services) -> None:
    settings, connections = services.settings, services.connections

    @_task(app, "answer")
    def answer(context: JobContext, conversation_id: int) -> None:
        _at_last(
            context,
            lambda: answering.answer(services, conversation_id),
            lambda: answering.give_up(services, conversation_id),
        )

    @_task(app, "send")
    def send(context: JobContext, conversation_id: int) -> None:
        answering.send(services, conversation_id)

    @_task(app, "fetch_media")
    def fetch_media(context: JobContext, message_sid: str) -> None:
        _at_last(
            context,
            lambda: media.fetch_media(settings, connections, message_sid),
            lambda: media.give_up(connections, message_sid),
        )


def _register_documents(app: App, services: Services) -> None:
    @_task(app, "read_document")
    def read_document(context: JobContext, document_id: int) -> None:
        _at_last(
            context,
            lambda: documents.read_document(services.settings, document_id),
            lambda: documents.give_up(services.settings, document_id),
        )

    @_task(app, "read_products")
    def read_products(context: JobContext, store_id: str) -> None:
        documents.read_products(services.settings, store_id)


def _register_reviews(app: App, services: Services) -> None:
    @_task(app, "import_reviews")
    def import_reviews(context: JobContext, upload_id: int) -> None:
        _at_last(
            context,
            lambda: review_uploads.import_upload(services.settings, upload_id),
            lambda: review_uploads.give_up(services.settings, upload_id),
        )


def _register_periodic(app: App, services: Services) -> None:
    def periodic(name: str, cron: str) -> Callable[[Callable[..., Any]], Any]:
        def decorate(function: Callable[..., Any]) -> Any:
            return app.periodic(cron=cron)(app.task(name=name, queue=QUEUE, lock=name, queueing_lock=name)(function))

        return decorate

    @periodic("reconcile_replies", "*/30 * * * * *")
    def reconcile_replies(timestamp: int) -> None:
        reconciling.queue_stuck(services.connections)

    @periodic("refresh_documents", "*/5 * * * *")
    def refresh_documents(timestamp: int) -> None:
        documents.refresh(services.settings)

    @periodic("ask_for_ratings", "* * * * *")
    def ask_for_ratings(timestamp: int) -> None:
        rating.ask_due(services.settings)

    @periodic("return_forgotten", "*/10 * * * *")
    def return_forgotten(timestamp: int) -> None:
        answering.return_forgotten(services.connections)

    @periodic("forget_failed_jobs", "30 3 * * *")
    async def forget_failed_jobs(timestamp: int) -> None:
        await app.job_manager.delete_old_jobs(
            nb_hours=FAILED_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
