-- The terms come as JSON: Postgres has no arrays of arrays of unlike lengths.
insert into ml.review_sentiments (
    store_id,
    source,
    review_id,
    version,
    sentiment,
    probability,
    terms,
    stems,
    model_version
)
select
    scored.store_id,
    scored.source,
    scored.review_id,
    scored.version,
    scored.sentiment,
    scored.probability,
    array(
        select jsonb_array_elements_text(scored.terms)
    ) as terms,
    array(
        select jsonb_array_elements_text(scored.stems)
    ) as stems,
    %(used)s as model_version
from
    unnest(
        %(store_id)s::text[],
        %(source)s::text[],
        %(review_id)s::text[],
        %(version)s::integer[],
        %(sentiment)s::text[],
        %(probability)s::real[],
        %(terms)s::jsonb[],
        %(stems)s::jsonb[]
    ) as scored (
        store_id,
        source,
        review_id,
        version,
        sentiment,
        probability,
        terms,
        stems
    )
on conflict do nothing
