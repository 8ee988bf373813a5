create extension if not exists vector with schema public;

-- The encoder that turns passages and questions into vectors, as ONNX.
create table ml.encoders (
    encoder_version text primary key,
    onnx bytea not null,
    tokenizer jsonb not null,
    configuration jsonb not null,
    made_at timestamptz not null default now(),
    in_use boolean not null default false
);
create unique index encoders_one_in_use on ml.encoders (in_use) where in_use;

-- `content` is what was uploaded, as it came; null for products, which the sync
-- brings. A document is `read` when its passages can be found.
create table app.knowledge_documents (
    document_id bigint generated always as identity primary key,
    store_id text not null,
    origin text not null default 'upload'
    check (origin in ('upload', 'products')),
    name text not null,
    media_type text not null,
    content bytea,
    bytes integer not null default 0,
    state text not null default 'waiting'
    check (state in ('waiting', 'reading', 'read', 'failed')),
    progress smallint not null default 0 check (progress between 0 and 100),
    reason text,
    details jsonb not null default '{}',
    uploaded_by bigint references app.users,
    uploaded_at timestamptz not null default now(),
    read_at timestamptz
);
create unique index knowledge_documents_one_of_products
on app.knowledge_documents (store_id) where origin = 'products';
create index on app.knowledge_documents (store_id);

create table app.knowledge_passages (
    passage_id bigint generated always as identity primary key,
    document_id bigint not null references app.knowledge_documents
    on delete cascade,
    store_id text not null,
    position integer not null,
    heading text,
    text text not null,
    language text not null,
    words tsvector not null,
    embedding vector(384),
    encoder_version text
);
-- No index on the vectors: looking at all of them takes a tenth of a second
-- with 10,000 passages, and misses none.
create index on app.knowledge_passages (document_id);
create index on app.knowledge_passages (store_id);
create index on app.knowledge_passages using gin (words);

grant select, insert, update, delete on app.knowledge_documents to inbox;
grant select on app.knowledge_passages to inbox;
grant select, update, insert on app.knowledge_documents to bot;
grant select, insert, update, delete on app.knowledge_passages to bot;
grant select on ml.encoders to bot, inbox;
grant select, insert, update, delete on ml.encoders to scorer;
