-- What the story's messages asked the bot for: its own bot has answered them.
set local search_path = queue;

delete from queue.procrastinate_jobs
where
    procrastinate_jobs.status = 'todo'
    and procrastinate_jobs.task_name in ('answer', 'send')
