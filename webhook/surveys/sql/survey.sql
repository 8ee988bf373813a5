-- A wave with its items in order, grouped by dimension; a dimension stands where
-- its first item does.
select
    waves.title_id,
    waves.title_en,
    app.survey_state(waves.state, waves.closes_at) as state,
    waves.closes_on,
    items.item,
    items.dimension,
    items.text_id,
    items.text_en
from app.survey_waves as waves
left join app.survey_items as items
    on waves.store_id = items.store_id and waves.wave = items.wave
where
    waves.store_id = %(store_id)s
    and waves.wave = %(name)s
order by
    min(items.position) over (partition by items.dimension),
    items.dimension,
    items.position,
    items.item
