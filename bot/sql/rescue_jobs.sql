-- Requeues the jobs of silent workers at once and frees their locks. Such a
-- worker may still be alive, so jobs must tolerate being started twice.
with silent as (
    select workers.id
    from queue.procrastinate_workers as workers
    where
        workers.last_heartbeat
        < now() - make_interval(secs => %(silent_seconds)s)
),

stalled as (
    select jobs.id
    from queue.procrastinate_jobs as jobs
    left join silent on jobs.worker_id = silent.id
    where
        jobs.status = 'doing'
        and (jobs.worker_id is null or silent.id is not null)
    for update of jobs skip locked
)

update queue.procrastinate_jobs as jobs
set
    status = 'todo',
    attempts = jobs.attempts + 1,
    scheduled_at = now()
from stalled
where jobs.id = stalled.id
returning jobs.id, jobs.task_name
