insert into app.survey_waves (store_id, wave, title_id, title_en, created_by)
values (%(store_id)s, %(wave)s, %(title_id)s, %(title_en)s, %(user_id)s)
