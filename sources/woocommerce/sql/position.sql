select
    sync_positions.position,
    sync_positions.fields
from app.sync_positions
where
    sync_positions.source = %(source)s
    and sync_positions.store_id = %(store_id)s
