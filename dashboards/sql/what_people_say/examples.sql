-- Personal data is masked in them.
select
    topics.name as topic,
    examples.example
from marts.topics
cross join
    lateral unnest(topics.examples)
    with ordinality as examples (example, place)
where
    topics.store_id = %(store)s
    and topics.vanished_at is null
order by topics.messages desc, topics.name asc, examples.place asc
