-- Reading a file may take minutes. Jobs that read share one lock, so that they
-- run one after another and a worker's other threads stay free for replies.
create function queue.lock_of(task text, thing text) returns text
language sql
immutable
as $$
    select
        case
            when
                task in ('read_document', 'read_products', 'import_reviews')
                then 'reading'
            else thing
        end
$$;
revoke execute on function queue.lock_of from public;

create or replace function queue.enqueue(
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
        lock_of(task, locked_thing),
        task || ' ' || locked_thing,
        arguments,
        due_at
    )
    on conflict do nothing
$$;

update queue.procrastinate_jobs set lock = queue.lock_of(task_name, lock)
where status = 'todo';

-- Browsers in which the owner of an account signed in before have a count of
-- their own.
alter table app.sign_in_attempts drop constraint sign_in_attempts_kind_check;
alter table app.sign_in_attempts add constraint sign_in_attempts_kind_check
check (kind in ('account', 'address', 'both', 'device'));
