-- New items are last.
insert into app.survey_items (
    store_id, wave, item, position, dimension, text_id, text_en
)
values (
    %(store_id)s,
    %(wave)s,
    %(item)s,
    (
        select coalesce(max(survey_items.position) + 1, 1)
        from app.survey_items
        where
            survey_items.store_id = %(store_id)s
            and survey_items.wave = %(wave)s
    ),
    %(dimension)s,
    %(text_id)s,
    %(text_en)s
)
