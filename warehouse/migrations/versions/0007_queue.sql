-- The workers' role does everything in the queue; who else has work for them
-- asks through one function, in the transaction that the work belongs to.

-- One job of a kind waits for one thing: who asks again before it has begun
-- adds none. `locked_thing`: no two jobs of the same thing run at once, and a
-- job waits for those of its thing that were asked for before it, unless they
-- have a lower `urgency`: what waits for long must not hold up what is due.
create function queue.enqueue(
    task text,
    locked_thing text,
    arguments jsonb,
    due_at timestamptz default null,
    urgency integer default 0
) returns void
language sql
security definer
set search_path = queue, pg_catalog, pg_temp
as $$
    insert into queue.procrastinate_jobs (
        queue_name,
        task_name,
        priority,
        lock,
        queueing_lock,
        args,
        scheduled_at
    )
    values (
        'bot',
        task,
        urgency,
        locked_thing,
        task || ' ' || locked_thing,
        arguments,
        due_at
    )
    on conflict do nothing
$$;
revoke execute on function queue.enqueue from public;

-- A job that is tried again gives up its place as the only one that waits:
-- another may have taken it since, and then it could never be put back.
create function queue.put_back() returns trigger
language plpgsql
as $$
begin
    new.queueing_lock := null;
    return new;
end
$$;
create trigger put_back
before update of status on queue.procrastinate_jobs
for each row
when (old.status = 'doing' and new.status = 'todo')
execute function queue.put_back();

-- Workers look for due jobs four times a second, and nobody reads when a job
-- was asked for: an inbound message need not pay for telling.
alter table queue.procrastinate_jobs
disable trigger procrastinate_jobs_notify_queue_job_inserted_v1;
alter table queue.procrastinate_jobs
disable trigger procrastinate_trigger_status_events_insert_v1;
alter table queue.procrastinate_jobs
disable trigger procrastinate_trigger_scheduled_events_v1;

grant usage on schema queue to bot;
grant select, insert, update, delete on all tables in schema queue to bot;
grant usage on all sequences in schema queue to bot;
grant execute on all functions in schema queue to bot;

-- Triggers of the library name its tables without their schema, and fire for
-- whoever changes a job: what they mean must not hang on the search path.
do $$
declare
    trigger_function regprocedure;
begin
    for trigger_function in
        select functions.oid::regprocedure
        from pg_catalog.pg_proc as functions
        where
            functions.pronamespace = 'queue'::regnamespace
            and functions.prorettype = 'trigger'::regtype
    loop
        execute format(
            'alter function %s set search_path = queue, pg_catalog, pg_temp',
            trigger_function
        );
    end loop;
end
$$;
