"""The worker: runs queued jobs concurrently until it gets a signal.

The queue is polled four times a second, so a job starts within about 0.3 s. Workers send heartbeats; the jobs of a
silent one are requeued.
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
# Longer than a busy worker's heartbeat may be late, short enough for waiting customers.
SILENT_SECONDS = 15.0
RESCUE_SECONDS = 5.0
# How long running jobs may take to end; other workers run the rest again.
GRACE_SECONDS = 12.0
AGAIN_SECONDS = 2.0
log = structlog.get_logger()


class _JobManager(JobManager):
    async def fetch_job(self, queues: Any, worker_id: int) -> Job | None:
        """As the parent's, but another worker may have taken a job with the same lock first."""
        try:
            return await super().fetch_job(queues, worker_id)
        except exceptions.UniqueViolation:
            return None


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. Raises SettingsMissing."""
    made = services.make(settings)
    app = make_app(settings, made)
    try:
        asyncio.run(_run(app, made))
    finally:
        made.connections.close()


def make_app(settings: Settings, made: Services) -> App:
    """The Procrastinate app with all tasks, in the schema `queue`."""
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
    """Keep a worker running across restarts of the database until a signal comes."""
    loop = asyncio.get_running_loop()
    jobs = made.settings.bot_jobs
    loop.set_default_executor(ThreadPoolExecutor(jobs + 2, "job"))
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    aside = [
        asyncio.create_task(_every(RESCUE_SECONDS, rescue_jobs, made.connections)),
        asyncio.create_task(_every(RENEW_SECONDS, made.renew_tools)),
    ]
    log.info("worker_started", jobs=jobs)
    while not stopping.is_set():
        await _work(app, jobs, stopping)
    for task in aside:
        task.cancel()
    log.info("worker_ended")


async def _work(app: App, jobs: int, stopping: asyncio.Event) -> None:
    """Run Procrastinate's worker until the signal comes or the database is lost."""
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
                    stalled_worker_timeout=10 * SILENT_SECONDS,
                )
            )
            end = asyncio.create_task(stopping.wait())
            await asyncio.wait((worker, end), return_when=asyncio.FIRST_COMPLETED)
            end.cancel()
            if stopping.is_set():
                await _end(worker)
            await worker
    except asyncio.CancelledError:
        return  # by _end
    except Exception as error:
        log.warning("queue_away", kind=type(error).__name__)
    if not stopping.is_set():
        await asyncio.sleep(AGAIN_SECONDS)


async def _end(worker: asyncio.Task[None]) -> None:
    """Wait for running jobs. Threads cannot be stopped, so after the grace period the process exits, and its jobs are
    rescued."""
    worker.cancel()
    await asyncio.wait((worker,), timeout=GRACE_SECONDS)
    if not worker.done():
        log.warning("jobs_left")
        os._exit(0)


async def _every(seconds: float, work: Any, *arguments: Any) -> None:
    """Call a function in a thread periodically; failures are logged."""
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
