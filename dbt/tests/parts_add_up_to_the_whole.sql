-- Along every dimension of a count the parts are the whole; so are they of
-- what the others are divided by.
with kpis as (
    select * from {{ ref('kpi_daily') }}
    where not {{ is_store_metric() }}
),

sums as (
    select
        kpis.store_id,
        kpis.day,
        kpis.metric,
        kpis.dimension,
        sum(coalesce(kpis.denominator, kpis.numerator)) as amount
    from kpis
    group by kpis.store_id, kpis.day, kpis.metric, kpis.dimension
),

final as (
    select
        sums.*,
        max(sums.amount) filter (where sums.dimension = 'all') over (
            partition by sums.store_id, sums.day, sums.metric
        ) as whole
    from sums
)

select * from final
where amount is distinct from whole
