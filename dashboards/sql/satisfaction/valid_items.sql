select
    count(*) filter (where survey_items.is_valid) as numerator,
    nullif(count(*), 0) as denominator,
    100.0 * count(*) filter (where survey_items.is_valid)
    / nullif(count(*), 0) as value,
    true as is_final
from marts.survey_items
where
    survey_items.store_id = %(store)s
    and survey_items.wave = %(wave)s
    and survey_items.group_kind = 'all'
