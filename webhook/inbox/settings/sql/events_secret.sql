-- `is_replacing`: the secret before this one is still valid.
select
    events_secrets.rotated_at,
    events_secrets.rotated_at > now() - interval '1 day'
    and (
        events_secrets.rotated_at > events_secrets.created_at or %(is_shared)s
    ) as is_replacing
from app.events_secrets
where events_secrets.store_id = %(store_id)s
