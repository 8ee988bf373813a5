-- A run's day is the shop's.
with runs as (
    select bool_or(validations.verdict = 'fail') as is_failed
    from marts.validations
    inner join marts.dim_stores on dim_stores.store_id = %(store)s
    where
        (validations.validated_at at time zone dim_stores.timezone)::date
        between %(from_day)s and %(to_day)s
    group by validations.run_id
)

select
    100.0 * count(*) filter (where not runs.is_failed) / nullif(count(*), 0)
        as value,
    count(*) filter (where not runs.is_failed) as numerator,
    count(*) as denominator,
    true as is_final
from runs
