select to_regclass('marts.survey_checks') is not null
