-- Swaps an item with the one above (-1) or below (1).
with ordered as (
    select
        survey_items.item,
        row_number() over (order by survey_items.position, survey_items.item)
            as place
    from app.survey_items
    where
        survey_items.store_id = %(store_id)s
        and survey_items.wave = %(wave)s
),

moved as (
    select
        ordered.item,
        row_number() over (
            order by
                ordered.place + case
                    when ordered.item = %(item)s
                        then %(places)s * 1.5
                    else 0
                end
        ) as position
    from ordered
)

update app.survey_items set position = moved.position
from moved
where
    survey_items.store_id = %(store_id)s
    and survey_items.wave = %(wave)s
    and survey_items.item = moved.item
    and survey_items.position != moved.position
