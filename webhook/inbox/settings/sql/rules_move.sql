-- Swaps a rule with the one above (-1) or below (1).
with ordered as (
    select
        rules.rule_id,
        row_number() over (order by rules.position, rules.rule_id) as place
    from app.rules
    where rules.store_id = %(store_id)s
),

moved as (
    select
        ordered.rule_id,
        row_number() over (
            order by
                ordered.place + case
                    when ordered.rule_id = %(rule_id)s
                        then %(places)s * 1.5
                    else 0
                end
        ) - 1 as position
    from ordered
)

update app.rules set position = moved.position
from moved
where
    rules.rule_id = moved.rule_id
    and rules.position != moved.position
