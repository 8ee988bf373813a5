select
    now() as now,
    max(runs.validated_at) as last_sound
from (
    select max(validations.validated_at) as validated_at
    from quality.validations as validations
    group by validations.run_id
    having bool_and(validations.verdict != 'fail')
) as runs
