-- `newest` stands for the newest wave of the chosen shop.
select 'newest' as wave
union all
select distinct survey_checks.wave
from marts.survey_checks
