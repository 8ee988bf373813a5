-- A run is as bad as the worst of its suites.
with runs as (
    select
        min(
            (validations.validated_at at time zone dim_stores.timezone)::date
        ) as day,
        case
            when bool_or(validations.verdict = 'fail') then 'fail'
            when bool_or(validations.verdict = 'warn') then 'warn'
            else 'pass'
        end as verdict
    from marts.validations
    inner join marts.dim_stores on dim_stores.store_id = %(store)s
    where
        (validations.validated_at at time zone dim_stores.timezone)::date
        between %(from_day)s and %(to_day)s
    group by validations.run_id
)

select
    runs.day,
    runs.verdict as series,
    count(*) as value,
    true as is_final
from runs
group by runs.day, runs.verdict
order by runs.day, series
