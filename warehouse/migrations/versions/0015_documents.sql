-- dbt's documents (`dbt`) and Great Expectations' (`data_docs`), the latest of
-- each: here, since who writes them and who shows them share no folder.
create table quality.documents (
    name text not null,
    path text not null,
    content_type text not null,
    -- compressed with gzip
    body bytea not null,
    -- what the documents were made from, where that can be told
    version text not null default '',
    written_at timestamptz not null default now(),
    primary key (name, path)
);
alter table quality.documents alter column body set storage external;

grant select, insert, delete on quality.documents to validator, dbt;
grant usage on schema quality to inbox;
grant select on quality.documents to inbox;
