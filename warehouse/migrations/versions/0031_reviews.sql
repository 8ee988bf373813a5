-- What customers write about a shop elsewhere, version by version: an edited
-- text or rating is a new version. `source` is where it was written, such as
-- google_play. `withdrawn_at`: since when the source no longer shows it.
create table raw.reviews (
    store_id text not null,
    source text not null
    check (source = btrim(source) and length(source) between 1 and 80),
    review_id text not null check (length(review_id) between 1 and 200),
    version integer not null check (version > 0),
    rating smallint not null check (rating between 1 and 5),
    text text not null,
    author text,
    product text,
    language text,
    created_at timestamptz not null,
    received_at timestamptz not null default now(),
    withdrawn_at timestamptz,
    primary key (store_id, source, review_id, version)
);

-- The newest version of each review that its source still shows. Nobody who
-- reads reviews needs the author.
create view raw.current_reviews as
select
    newest.store_id,
    newest.source,
    newest.review_id,
    newest.version,
    newest.rating,
    newest.text,
    newest.product,
    newest.language,
    newest.created_at,
    newest.received_at
from (
    select distinct on (
        reviews.store_id, reviews.source, reviews.review_id
    ) reviews.*
    from raw.reviews
    order by
        reviews.store_id asc,
        reviews.source asc,
        reviews.review_id asc,
        reviews.version desc
) as newest
where newest.withdrawn_at is null;

-- The shop's apps, whose reviews are fetched from Google Play. `checked_at` and
-- `problem`: the last fetch.
create table app.review_apps (
    store_id text not null,
    app_id text not null
    check (app_id ~ '^[A-Za-z][A-Za-z0-9_]*([.][A-Za-z][A-Za-z0-9_]*)+$'),
    language text not null default 'id' check (language ~ '^[a-z]{2}$'),
    country text not null default 'id' check (country ~ '^[a-z]{2}$'),
    added_at timestamptz not null default now(),
    checked_at timestamptz,
    problem text,
    primary key (store_id, app_id, language)
);

-- Files with reviews that admins upload. `waiting`: until somebody confirms
-- which column is which. The content goes when the import ends.
create table app.review_uploads (
    upload_id bigint generated always as identity primary key,
    store_id text not null,
    name text not null,
    content bytea,
    digest text not null,
    source text,
    columns jsonb,
    state text not null default 'waiting'
    check (state in ('waiting', 'importing', 'done', 'failed')),
    rows_done integer not null default 0,
    rows_total integer,
    counts jsonb,
    reason text,
    uploaded_at timestamptz not null default now(),
    uploaded_by bigint references app.users,
    ended_at timestamptz
);
create index on app.review_uploads (store_id, uploaded_at);

-- The rows of files that could not be imported, for the download.
create view app.set_aside_reviews as
select
    rejected.payload ->> 'store_id' as store_id,
    rejected.payload ->> 'digest' as digest,
    (rejected.payload ->> 'line')::integer as line,
    rejected.payload ->> 'row' as content,
    rejected.reason
from raw.rejected
where rejected.source = 'review_files' and rejected.resolved_at is null;

grant select (
    store_id, source, review_id, version, rating, text, product, language,
    created_at, received_at, withdrawn_at
) on raw.reviews to dbt, validator, scorer;
grant select on raw.current_reviews to loader, dbt, validator, scorer, inbox;
-- Uploads are imported by the worker, other files by the loader.
grant select, insert on raw.reviews to loader, bot;
grant update (withdrawn_at) on raw.reviews to loader, bot;
grant select, insert, update on raw.rejected to bot;
grant select, insert, update, delete on app.review_apps to inbox;
grant select, update on app.review_apps to loader;
grant select, insert, delete on app.review_uploads to inbox;
grant update (source, columns, state, rows_total) on app.review_uploads to inbox;
grant select on app.review_uploads to bot;
grant update (
    content, state, rows_done, rows_total, counts, reason, ended_at
) on app.review_uploads to bot;
grant select on app.set_aside_reviews to inbox;
grant select on app.store_settings to loader;
