with turns_today as (
    select * from {{ ref('int_turns_today') }}
),

final as (
    select
        turns_today.store_id,
        count(*) as turns,
        count(*) filter (where turns_today.is_first_response) as first_turns,
        {{ percentile(
            0.5,
            seconds_between(
                'turns_today.started_at', 'turns_today.replied_at'
            ),
            'true',
        ) }} as median,
        {{ percentile(
            0.5,
            seconds_between(
                'turns_today.started_at', 'turns_today.replied_at'
            ),
            'turns_today.is_first_response',
        ) }} as first_median,
        max(turns_today.replied_at) as newest_at
    from turns_today
    where turns_today.replied_at is not null
    group by turns_today.store_id
)

select * from final
