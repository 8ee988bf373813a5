select survey_waves.wave
from app.survey_waves as survey_waves
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
for update
