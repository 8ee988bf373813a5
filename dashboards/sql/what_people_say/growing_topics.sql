-- Null as long as there are no topics.
select
    null::numeric as numerator,
    null::numeric as denominator,
    case
        when count(*) > 0
            then count(*) filter (
                where topics.growth is not null and not topics.is_muted
            )
    end as value,
    true as is_final
from marts.topics
where topics.store_id = %(store)s
