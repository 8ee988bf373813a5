delete from raw.survey_rejections as survey_rejections
where
    survey_rejections.store_id = %(store_id)s
    and survey_rejections.wave = %(wave)s
    and survey_rejections.file = %(file)s
    and survey_rejections.line <> all(%(lines)s::integer[])
