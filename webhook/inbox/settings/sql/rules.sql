with chosen as (
    select rules.*
    from app.rules
    where
        rules.store_id = %(store_id)s
        and (
            %(rule_id)s::bigint is null
            or rules.rule_id = %(rule_id)s
        )
)

select
    chosen.rule_id,
    chosen.intent,
    chosen.patterns,
    chosen.answer_id,
    chosen.answer_en,
    chosen.action,
    chosen.is_active,
    chosen.updated_at,
    users.name as updated_by
from chosen
left join app.users on chosen.updated_by = users.user_id
order by chosen.position, chosen.rule_id
