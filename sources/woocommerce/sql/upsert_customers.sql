-- The newer one stays: asked for later. An exact answer says so even if nothing
-- changed. What was found deleted comes back only through what was asked for
-- after that.
insert into raw.woocommerce_customers as held (
    store_id,
    id,
    role,
    email_key,
    phone_key,
    body,
    asked_at
)
select
    %(store_id)s as store_id,
    given.id,
    given.role,
    given.email_key,
    given.phone_key,
    given.body,
    given.asked_at
from jsonb_to_recordset(%(rows)s::jsonb) as given (
    id bigint,
    role text,
    email_key text,
    phone_key text,
    body jsonb,
    asked_at timestamptz
)
order by given.id
on conflict (store_id, id) do update
    set
        role = excluded.role,
        email_key = excluded.email_key,
        phone_key = excluded.phone_key,
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
        and held.asked_at <= excluded.asked_at
returning xmax = 0 as is_new, changed_at = now() as is_changed
