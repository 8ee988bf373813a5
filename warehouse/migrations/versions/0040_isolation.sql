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

-- The id of a landed row in raw.rejected. Rows of the tables that have one can
-- be set aside. Ids of shops' objects are those that the sync gives them.
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

-- Rows that were set aside after a validation can be put back: an admin decides
-- that a row counts, and later validations leave it out. `landed_at`: when the
-- row had landed.
alter table raw.rejected
add column put_back_at timestamptz,
add column landed_at timestamptz;

-- Whether rows of a table can be set aside.
create function raw.can_be_set_aside(relation text) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        to_regprocedure(format('raw.row_id(raw.%I)', relation)) is not null
$$;
revoke execute on function raw.can_be_set_aside from public;

-- Moves rows of a landed table to raw.rejected and returns how many. `reasons`:
-- by row id.
create function raw.set_aside(relation text, reasons jsonb) returns integer
language plpgsql
security definer
set search_path = raw, pg_catalog, pg_temp
as $$
declare
    moved integer;
begin
    if not can_be_set_aside(relation) then
        raise exception 'rows of % cannot be set aside', relation;
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

-- Moves a row back as it was. If another row of its id has landed meanwhile,
-- that one counts. False if there is no such row to put back.
create function raw.put_back(relation text, row_id text) returns boolean
language plpgsql
security definer
set search_path = raw, pg_catalog, pg_temp
as $$
declare
    content jsonb;
    inserted integer;
begin
    update raw.rejected
    set resolved_at = now()
    where
        rejected.source = relation
        and rejected.id = put_back.row_id
        and rejected.resolved_at is null
        and rejected.landed_at is not null
    returning rejected.payload into content;
    if content is null or not can_be_set_aside(relation) then
        return false;
    end if;
    execute format(
        'insert into raw.%1$I
        select * from jsonb_populate_record(null::raw.%1$I, $1)
        on conflict do nothing',
        relation
    ) using content;
    get diagnostics inserted = row_count;
    if inserted = 1 then
        update raw.rejected
        set put_back_at = now()
        where rejected.source = relation and rejected.id = put_back.row_id;
    end if;
    return true;
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
