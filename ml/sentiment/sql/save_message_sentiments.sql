insert into ml.message_sentiments (
    source, message_id, sentiment, probability, model_version
)
select
    scored.source,
    scored.message_id,
    scored.sentiment,
    scored.probability,
    %(used)s as model_version
from
    unnest(
        %(source)s::text[],
        %(message_id)s::text[],
        %(sentiment)s::text[],
        %(probability)s::real[]
    ) as scored (source, message_id, sentiment, probability)
on conflict do nothing
