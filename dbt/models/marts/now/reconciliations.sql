with reconciliations as (
    select * from {{ source('quality', 'reconciliations') }}
),

final as (
    select
        reconciliations.run_id::text as run_id,
        reconciliations.store_id,
        reconciliations.subject,
        reconciliations.period,
        reconciliations.verdict,
        reconciliations.reason,
        reconciliations.reconciled_at,
        reconciliations.run_id = first_value(reconciliations.run_id) over (
            partition by reconciliations.store_id
            order by
                reconciliations.reconciled_at desc,
                reconciliations.run_id desc
        ) as is_latest
    from reconciliations
)

select * from final
