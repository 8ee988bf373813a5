select count(*) > 0 as is_answered
from raw.survey_answers
