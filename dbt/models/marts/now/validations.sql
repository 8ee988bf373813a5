with validations as (
    select * from {{ source('quality', 'validations') }}
),

final as (
    select
        validations.run_id::text as run_id,
        validations.suite,
        validations.verdict,
        validations.reasons,
        validations.validated_at,
        validations.run_id = first_value(validations.run_id) over (
            order by validations.validated_at desc, validations.run_id desc
        ) as is_latest
    from validations
)

select * from final
