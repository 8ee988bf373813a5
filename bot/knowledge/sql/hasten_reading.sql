update queue.procrastinate_jobs
set scheduled_at = now()
where
    procrastinate_jobs.task_name = 'read_document'
    and procrastinate_jobs.lock = %(thing)s
    and procrastinate_jobs.status = 'todo'
