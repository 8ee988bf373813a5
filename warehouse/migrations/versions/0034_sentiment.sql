-- Models of sentiment: one in use for reviews, one for messages in chats.
-- `content` is an archive of numpy arrays without pickled objects. A model by
-- `encoder` or `fine_tuned` reads that encoder's vectors. `recipe`: a hash of
-- the data and code that it was made from.
create table ml.sentiment_models (
    model_version text primary key,
    kind text not null check (kind in ('review', 'chat')),
    method text not null check (method in ('svm', 'encoder', 'fine_tuned')),
    content bytea not null,
    encoder_version text references ml.encoders,
    recipe text not null,
    metrics jsonb not null,
    reason text not null,
    made_at timestamptz not null default now(),
    in_use boolean not null default false,
    check ((method = 'svm') = (encoder_version is null))
);
create unique index sentiment_models_one_in_use
on ml.sentiment_models (kind) where in_use;

create table ml.message_sentiments (
    source text not null check (source in ('twilio', 'chatbot')),
    message_id text not null,
    sentiment text not null
    check (sentiment in ('positive', 'neutral', 'negative')),
    probability real not null check (probability between 0 and 1),
    model_version text not null references ml.sentiment_models,
    scored_at timestamptz not null default now(),
    primary key (source, message_id)
);
create index on ml.message_sentiments
using brin (scored_at) with (autosummarize = on);

-- `terms`: the review's words and pairs of words, everyday spelling written
-- out and without stop words, each once. `stems`: the same, stemmed.
create table ml.review_sentiments (
    store_id text not null,
    source text not null,
    review_id text not null,
    version integer not null,
    sentiment text not null check (sentiment in ('positive', 'negative')),
    probability real not null check (probability between 0 and 1),
    terms text[] not null,
    stems text[] not null,
    model_version text not null references ml.sentiment_models,
    scored_at timestamptz not null default now(),
    primary key (store_id, source, review_id, version)
);
create index on ml.review_sentiments
using brin (scored_at) with (autosummarize = on);

-- Which dimension of service quality a word (or a pair of words) or a topic
-- belongs to. A word is found by its stem, whatever ending it has.
create table app.service_dimensions (
    store_id text not null,
    kind text not null check (kind in ('word', 'topic')),
    term text not null check (term = btrim(term) and length(term) between 1 and 80),
    stem text not null check (length(stem) between 1 and 80),
    dimension text not null check (
        dimension in (
            'efficiency',
            'fulfilment',
            'compensation',
            'reliability',
            'responsiveness'
        )
    ),
    primary key (store_id, kind, stem)
);

grant select, insert, update, delete
on ml.sentiment_models, ml.message_sentiments, ml.review_sentiments
to scorer;
grant select on ml.message_sentiments, ml.review_sentiments to dbt;
grant select, insert on app.service_dimensions to scorer;
grant select, insert, update, delete on app.service_dimensions to inbox;
grant select on app.service_dimensions to dbt;
