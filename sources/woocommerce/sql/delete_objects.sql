-- One statement for all kinds: the table's name is replaced by that of the
-- kind.
update raw.woocommerce_objects as held
set
    deleted_at = coalesce(held.deleted_at, gone.asked_at),
    asked_at = gone.asked_at,
    changed_at = case
        when held.deleted_at is null then now() else held.changed_at
    end
from unnest(%(ids)s::bigint[], %(asked)s::timestamptz[]) as gone (id, asked_at)
where
    held.store_id = %(store_id)s
    and held.id = gone.id
    and held.asked_at <= gone.asked_at
returning held.changed_at = now() as is_changed
