select
    coalesce(
        sum(calls.prompt_tokens + calls.completion_tokens), 0
    ) as tokens
from app.language_model_calls as calls
where
    calls.called_at
    >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
