delete from queue.procrastinate_jobs
where
    procrastinate_jobs.task_name = 'read_document'
    and procrastinate_jobs.args ->> 'document_id' = %(document_id)s::text
    and procrastinate_jobs.status = 'todo'
