-- The newer one stays: modified later, or as late and asked for later. An exact
-- answer was asked for when nothing else was under way. What was found deleted
-- comes back only through what was asked for after that.
insert into raw.woocommerce_orders as held (
    store_id,
    id,
    status,
    customer_id,
    email_key,
    phone_key,
    created_at,
    modified_at,
    body,
    asked_at
)
select
    %(store_id)s as store_id,
    given.id,
    given.status,
    given.customer_id,
    given.email_key,
    given.phone_key,
    given.created_at,
    given.modified_at,
    given.body,
    given.asked_at
from jsonb_to_recordset(%(rows)s::jsonb) as given (
    id bigint,
    status text,
    customer_id bigint,
    email_key text,
    phone_key text,
    created_at timestamptz,
    modified_at timestamptz,
    body jsonb,
    asked_at timestamptz
)
order by given.id
on conflict (store_id, id) do update
    set
        status = excluded.status,
        customer_id = excluded.customer_id,
        email_key = excluded.email_key,
        phone_key = excluded.phone_key,
        created_at = excluded.created_at,
        modified_at = excluded.modified_at,
        body = excluded.body,
        asked_at = excluded.asked_at,
        deleted_at = null,
        changed_at = case
            when
                held.body is distinct from excluded.body
                or held.deleted_at is not null
                then now()
            else held.changed_at
        end
    where
        (%(is_exact)s or held.body is distinct from excluded.body
            or held.deleted_at is not null)
        and (held.deleted_at is null or held.asked_at < excluded.asked_at)
        and (
            (%(is_exact)s and held.asked_at <= excluded.asked_at)
            or (held.modified_at, held.asked_at)
            <= (excluded.modified_at, excluded.asked_at)
        )
returning xmax = 0 as is_new, changed_at = now() as is_changed
