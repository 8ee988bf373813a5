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

-- The id of a landed row in raw.rejected, which holds rows that failed the
-- validation. Ids of shops' objects are those that the sync gives them.
create function raw.row_id(landed raw.twilio_messages) returns text
language sql immutable as 'select landed.message_sid';
create function raw.row_id(landed raw.chatbot_events) returns text
language sql immutable as 'select landed.event_id';
create function raw.row_id(landed raw.twilio_statuses) returns text
language sql immutable
as 'select concat_ws('' '', landed.message_sid, landed.payload_hash)';
create function raw.row_id(landed raw.survey_answers) returns text
language sql immutable
as $$
    select
        concat_ws(
            ' ',
            landed.store_id, landed.wave, landed.respondent, landed.item
        )
$$;
create function raw.row_id(landed raw.woocommerce_orders) returns text
language sql immutable as 'select landed.store_id || '':'' || landed.id';
create function raw.row_id(landed raw.woocommerce_refunds) returns text
language sql immutable as 'select landed.store_id || '':'' || landed.id';

-- An admin may decide that a row counts all the same: it is put back, and later
-- validations leave it out.
-- `landed_at`: when a row that was in a landed table got there.
alter table raw.rejected
add column put_back_at timestamptz,
add column landed_at timestamptz;

-- Moves rows of a landed table to raw.rejected. `reasons`: by row id.
create function raw.set_aside(relation text, reasons jsonb) returns integer
language plpgsql
security definer
set search_path = raw, pg_catalog, pg_temp
as $$
declare
    moved integer;
begin
    if relation not in (
        'twilio_messages', 'twilio_statuses', 'chatbot_events',
        'survey_answers', 'woocommerce_orders', 'woocommerce_refunds'
    ) then
        raise exception 'no rows of % are set aside', relation;
    end if;
    execute format(
        'with moved as (
            delete from raw.%1$I as landed
            where raw.row_id(landed)
                in (select jsonb_object_keys($1))
            returning landed
        )
        insert into raw.rejected (source, id, payload, reason, landed_at)
        select
            %1$L,
            raw.row_id(moved.landed),
            rows.payload,
            $1 ->> raw.row_id(moved.landed),
            coalesce(
                rows.payload ->> ''changed_at'', rows.payload ->> ''received_at''
            )::timestamptz
        from moved
        cross join lateral (select to_jsonb(moved.landed) as payload) as rows
        on conflict (source, id) do update
            set
                payload = excluded.payload,
                reason = excluded.reason,
                landed_at = excluded.landed_at,
                received_at = now(),
                resolved_at = null',
        relation
    ) using reasons;
    get diagnostics moved = row_count;
    return moved;
end
$$;
revoke execute on function raw.set_aside from public;
grant execute on function raw.set_aside to validator;

-- Moves a row back, as it was, for good. False if it is not there, or if the
-- table has another row of its id by now.
create function raw.put_back(relation text, row_id text) returns boolean
language plpgsql
security definer
set search_path = raw, pg_catalog, pg_temp
as $$
declare
    moved integer;
begin
    if relation not in (
        'twilio_messages', 'twilio_statuses', 'chatbot_events',
        'survey_answers', 'woocommerce_orders', 'woocommerce_refunds'
    ) then
        return false;
    end if;
    execute format(
        'with moved as (
            update raw.rejected
            set resolved_at = now(), put_back_at = now()
            where source = %1$L and id = $1 and resolved_at is null
            returning payload
        )
        insert into raw.%1$I
        select whole.*
        from moved
        cross join lateral
            jsonb_populate_record(null::raw.%1$I, moved.payload) as whole
        on conflict do nothing',
        relation
    ) using row_id;
    get diagnostics moved = row_count;
    return moved = 1;
end
$$;
revoke execute on function raw.put_back from public;
grant execute on function raw.put_back to inbox;

-- What was set aside of a shop's data, without its contents: rows that failed
-- the validation, and objects and records that could not be stored. What names
-- no shop is shown with every shop. Files with reviews have a page of their own.
create view app.set_aside_rows as
select
    rejected.source,
    rejected.id,
    coalesce(
        nullif(btrim(rejected.payload ->> 'store_id'), ''),
        case
            when rejected.source like 'woocommerce\_%'
                then split_part(rejected.id, ':', 1)
        end
    ) as store_id,
    rejected.reason,
    rejected.received_at as set_aside_at,
    rejected.landed_at is not null as can_be_put_back,
    rejected.dismissed_at,
    rejected.dismissal
from raw.rejected
where
    rejected.resolved_at is null
    and rejected.source <> 'review_files';
grant select on app.set_aside_rows to inbox;

-- An admin decides that it stays aside, and says why. False if it is not there.
create function raw.dismiss(relation text, row_id text, why text)
returns boolean
language sql
security definer
set search_path = raw, pg_catalog, pg_temp
as $$
    with dismissed as (
        update raw.rejected
        set dismissed_at = now(), dismissal = why
        where
            rejected.source = relation
            and rejected.id = row_id
            and rejected.resolved_at is null
        returning 1
    )

    select count(*) = 1 from dismissed
$$;
revoke execute on function raw.dismiss from public;
grant execute on function raw.dismiss to inbox;
