insert into raw.conflicts (
    source,
    id,
    payload_hash,
    payload
)
values %s
on conflict do nothing
