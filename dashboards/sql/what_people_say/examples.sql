-- Personal data is masked in them.
with largest_topics as (
    select
        topics.name,
        topics.messages,
        topics.examples
    from marts.topics
    where
        topics.store_id = %(store)s
        and topics.vanished_at is null
    order by topics.messages desc, topics.name asc
    limit 15
)

select
    largest_topics.name as topic,
    examples.example
from largest_topics
cross join
    lateral unnest(largest_topics.examples)
    with ordinality as examples (example, place)
order by
    largest_topics.messages desc, largest_topics.name asc, examples.place asc
