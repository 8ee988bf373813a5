-- The numbers of the queue, the replies and the language model, in one row.
with jobs as (
    select
        count(*) filter (where jobs.status = 'todo') as todo,
        count(*) filter (
            where
            jobs.status = 'todo' and coalesce(jobs.scheduled_at, now()) <= now()
        ) as due,
        count(*) filter (where jobs.status = 'doing') as doing,
        count(*) filter (where jobs.status = 'failed') as failed,
        extract(epoch from now() - min(jobs.scheduled_at) filter (
            where jobs.status = 'todo' and jobs.scheduled_at <= now()
        )) as oldest_seconds
    from queue.procrastinate_jobs as jobs
),

workers as (
    select count(*) as workers
    from queue.procrastinate_workers as workers
    where
        workers.last_heartbeat
        > now() - make_interval(secs => %(silent_seconds)s)
),

conversations as (
    select count(*) as waiting
    from app.conversations
    where
        conversations.state = 'waiting'
        and conversations.channel <> 'kabar_test'
),

replies as (
    select
        count(*) filter (where replies.state = 'written') as written,
        count(*) filter (where replies.state = 'sending') as sending,
        count(*) filter (where replies.state = 'dead') as dead
    from app.replies
    where replies.state in ('written', 'sending', 'dead')
),

calls as (
    select
        coalesce(sum(calls.prompt_tokens + calls.completion_tokens), 0)
            as tokens,
        coalesce(
            sum(calls.prompt_tokens + calls.completion_tokens)
            filter (where calls.purpose = 'judge'),
            0
        ) as judge_tokens,
        coalesce(
            percentile_cont(0.95) within group (order by calls.milliseconds)
            filter (where calls.purpose = 'judge'),
            0
        ) as judge_milliseconds
    from app.language_model_calls as calls
    where
        calls.called_at
        >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
)

select
    workers.workers,
    jobs.due,
    jobs.todo,
    jobs.doing,
    jobs.failed,
    round(coalesce(jobs.oldest_seconds, 0))::int as oldest_seconds,
    conversations.waiting,
    replies.written,
    replies.sending,
    replies.dead,
    calls.tokens,
    calls.judge_tokens,
    round(calls.judge_milliseconds)::int as judge_milliseconds
from jobs
cross join workers
cross join conversations
cross join replies
cross join calls
