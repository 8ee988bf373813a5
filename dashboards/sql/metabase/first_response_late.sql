-- In business seconds, as the target is.
select
    coalesce(dim_stores.store_name, dim_stores.store_id) as store,
    percentile_cont(0.5) within group (
        order by fct_episodes.first_response_business_seconds
    ) as waited,
    dim_stores.first_response_target_seconds as target
from marts.fct_episodes
inner join marts.dim_stores on fct_episodes.store_id = dim_stores.store_id
where
    fct_episodes.day
    = cast(now() at time zone dim_stores.timezone as date) - 1
    and fct_episodes.first_response_business_seconds is not null
group by
    dim_stores.store_id,
    dim_stores.store_name,
    dim_stores.first_response_target_seconds
having
    percentile_cont(0.5) within group (
        order by fct_episodes.first_response_business_seconds
    )
    > dim_stores.first_response_target_seconds
