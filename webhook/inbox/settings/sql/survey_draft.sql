-- Locks a wave whose items may be changed; no row if it was opened.
select survey_waves.wave
from app.survey_waves
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
    and survey_waves.state = 'draft'
for update
