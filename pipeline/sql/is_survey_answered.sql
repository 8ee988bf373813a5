select true as is_answered
from raw.survey_answers
limit 1
