delete from queue.procrastinate_jobs
where
    procrastinate_jobs.task_name = 'read_document'
    and procrastinate_jobs.lock = %(thing)s
    and procrastinate_jobs.status = 'todo'
