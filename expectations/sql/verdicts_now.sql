-- Failures of the latest validation and of each shop's latest reconciliation,
-- one row per suite or shop. `reasons` holds no values.
with latest_run as (
    select validations.run_id
    from quality.validations
    order by validations.validated_at desc, validations.run_id desc
    limit 1
),

latest_reconciliations as (
    select distinct on (reconciliations.store_id)
        reconciliations.store_id,
        reconciliations.run_id
    from quality.reconciliations
    order by
        reconciliations.store_id asc,
        reconciliations.reconciled_at desc,
        reconciliations.run_id desc
)

select
    'quality' as kind,
    validations.suite as subject,
    null as store_id,
    jsonb_build_object(
        'reasons', jsonb_path_query_array(validations.reasons, '$[*].why')
    ) as details
from quality.validations
inner join latest_run on validations.run_id = latest_run.run_id
where validations.verdict = 'fail'
union all
select
    'quality' as kind,
    'reconciliation' as subject,
    reconciliations.store_id,
    jsonb_build_object(
        'reasons',
        jsonb_agg(
            reconciliations.reason
            order by reconciliations.subject, reconciliations.period
        )
    ) as details
from quality.reconciliations
inner join latest_reconciliations
    on
        reconciliations.store_id = latest_reconciliations.store_id
        and reconciliations.run_id = latest_reconciliations.run_id
where reconciliations.verdict = 'fail'
group by reconciliations.store_id
