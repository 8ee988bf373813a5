-- Over the values of every dimension counts add up to the total, and so do the
-- denominators of all other KPIs.
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
