-- The workers' role does everything in the queue; who else has work for them
-- asks through one function, in the transaction that the work belongs to.

-- One job of a kind waits for one thing: who asks again before it has begun
-- adds none. `locked_thing`: no two jobs of the same thing run at once.
create function queue.enqueue(
    task text,
    locked_thing text,
    arguments jsonb,
    due_at timestamptz default null
) returns void
language sql
security definer
set search_path = queue, pg_catalog, pg_temp
as $$
    insert into queue.procrastinate_jobs (
        queue_name, task_name, lock, queueing_lock, args, scheduled_at
    )
    values (
        'bot', task, locked_thing, task || ' ' || locked_thing, arguments, due_at
    )
    on conflict do nothing
$$;
revoke execute on function queue.enqueue from public;

grant usage on schema queue to bot;
grant select, insert, update, delete on all tables in schema queue to bot;
grant usage on all sequences in schema queue to bot;
grant execute on all functions in schema queue to bot;
