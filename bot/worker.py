"""Runs the queue's jobs until it is told to end: some at once, one at a time for each conversation.

The queue is asked four times a second, so a job begins within about 0.3 s of its time. Every worker says every few
seconds that it lives; the jobs of one that does not are given to others.
"""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from bot import services, tasks
from bot.services import Services
from bot.tools import RENEW_SECONDS
from warehouse.connection import read_sql, url
from warehouse.pool import Pool
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"

POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 3.0
# Long enough for a worker that computes and does not come to say that it lives, short enough for nobody to wait long.
SILENT_SECONDS = 15.0
RESCUE_SECONDS = 5.0
# Jobs that have begun may end; those that do not are begun again by another worker.
GRACE_SECONDS = 12.0
AGAIN_SECONDS = 2.0
log = structlog.get_logger()


class _JobManager(JobManager):
    async def fetch_job(self, queues: Any, worker_id: int) -> Job | None:
        """As the parent's; that another worker took a job of the same thing first is no reason to end."""
        try:
            return await super().fetch_job(queues, worker_id)
        except exceptions.UniqueViolation:
            return None


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. Raises SettingsMissing when the database is not known."""
    made = services.make(settings)
    app = make_app(settings, made)
    try:
        asyncio.run(_run(app, made))
    finally:
        made.connections.close()


def make_app(settings: Settings, made: Services) -> App:
    """Procrastinate's app over the schema `queue`, with all tasks."""
    connector = PsycopgConnector(
        conninfo=url("bot", settings),
        kwargs={"options": "-c search_path=queue -c synchronous_commit=off", "application_name": "kabar-bot-queue"},
        min_size=1,
        max_size=4,
    )
    app = App(connector=connector)
    app.job_manager = _JobManager(connector)
    tasks.register(app, made)
    return app


async def _run(app: App, made: Services) -> None:
    """Keep a worker running, also over restarts of the database, until a signal comes."""
    loop = asyncio.get_running_loop()
    jobs = made.settings.bot_jobs
    loop.set_default_executor(ThreadPoolExecutor(jobs + 2, "job"))
    told_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_end.set)
    aside = [
        asyncio.create_task(_every(RESCUE_SECONDS, rescue_jobs, made.connections)),
        asyncio.create_task(_every(RENEW_SECONDS, made.renew_tools)),
    ]
    log.info("worker_started", jobs=jobs)
    while not told_to_end.is_set():
        await _work(app, jobs, told_to_end)
    for task in aside:
        task.cancel()
    log.info("worker_ended")


async def _work(app: App, jobs: int, told_to_end: asyncio.Event) -> None:
    """One life of Procrastinate's worker: until the signal, or until the database is lost."""
    try:
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[tasks.QUEUE],
                    concurrency=jobs,
                    fetch_job_polling_interval=POLL_SECONDS,
                    listen_notify=False,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    # A worker is forgotten long after its jobs were given to others.
                    stalled_worker_timeout=10 * SILENT_SECONDS,
                )
            )
            end = asyncio.create_task(told_to_end.wait())
            await asyncio.wait((worker, end), return_when=asyncio.FIRST_COMPLETED)
            end.cancel()
            if told_to_end.is_set():
                await _end(worker)
            await worker
    except asyncio.CancelledError:
        return  # what we asked for ourselves
    except Exception as error:
        log.warning("queue_away", kind=type(error).__name__)
    if not told_to_end.is_set():
        await asyncio.sleep(AGAIN_SECONDS)


async def _end(worker: asyncio.Task[None]) -> None:
    """Let the jobs that run end. A thread cannot be stopped: with one that takes longer the process ends at once, and
    its job is rescued like any other."""
    worker.cancel()
    await asyncio.wait((worker,), timeout=GRACE_SECONDS)
    if not worker.done():
        log.warning("jobs_left")
        os._exit(0)


async def _every(seconds: float, work: Any, *arguments: Any) -> None:
    """Do something in a thread again and again; a failure is for the next time."""
    while True:
        try:
            await asyncio.to_thread(work, *arguments)
        except Exception as error:
            log.warning("housekeeping_failed", work=work.__name__, kind=type(error).__name__)
        await asyncio.sleep(seconds)


def rescue_jobs(connections: Pool) -> int:
    """Put back the jobs of workers that have died; returns how many."""
    with connections.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "rescue_jobs.sql"), {"silent_seconds": SILENT_SECONDS})
        rescued = cursor.fetchall()
    for job_id, task_name in rescued:
        log.warning("job_rescued", job=job_id, task=task_name)
    return len(rescued)
