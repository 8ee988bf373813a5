select
    language_model_calls.outcome,
    count(*) as calls,
    sum(
        language_model_calls.prompt_tokens
        + language_model_calls.completion_tokens
    ) as tokens
from app.language_model_calls
group by language_model_calls.outcome
order by language_model_calls.outcome
