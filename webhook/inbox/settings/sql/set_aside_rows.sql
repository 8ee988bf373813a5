-- What was set aside of the shop's data, open rows first, then the newest.
select
    set_aside_rows.source,
    set_aside_rows.id,
    set_aside_rows.reason,
    set_aside_rows.set_aside_at,
    set_aside_rows.can_be_put_back,
    set_aside_rows.dismissed_at,
    set_aside_rows.dismissal
from app.set_aside_rows
where coalesce(set_aside_rows.store_id, %(store_id)s) = %(store_id)s
order by
    set_aside_rows.dismissed_at is not null,
    set_aside_rows.set_aside_at desc,
    set_aside_rows.source asc,
    set_aside_rows.id asc
limit %(most)s
