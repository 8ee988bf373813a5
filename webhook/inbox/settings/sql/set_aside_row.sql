-- A row that was set aside of the shop's data.
select 1 as is_there
from app.set_aside_rows
where
    set_aside_rows.source = %(source)s
    and set_aside_rows.id = %(id)s
    and coalesce(set_aside_rows.store_id, %(store_id)s) = %(store_id)s
