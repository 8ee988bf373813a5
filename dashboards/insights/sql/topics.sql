-- Topics that were new or growing in the days shown, and that nobody muted.
select
    topics.name_id,
    topics.name_en,
    topics.growth,
    topics.growth_last_day as last_day,
    topics.growth_messages as messages,
    topics.growth_expected as expected
from marts.topics
where
    topics.store_id = %(store)s
    and not topics.is_muted
    and topics.growth_last_day between %(from_day)s and %(to_day)s
order by
    topics.growth_messages - topics.growth_expected desc,
    topics.topic_id asc
limit %(most)s
