insert into raw.conflicts (
    source,
    id,
    payload_hash,
    payload
)
values ('rows')
on conflict do nothing
