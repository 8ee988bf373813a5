-- What a source gave and Kabar could not read: set aside with the reason, so
-- that one bad record never stops the rest and none is lost in silence.

create table raw.rejected (
    source text not null,
    id text not null,
    payload jsonb not null,
    reason text not null,
    received_at timestamptz not null default now(),
    primary key (source, id)
);

grant select, insert, update on raw.rejected to loader;
grant select on raw.rejected to validator, dbt;
