-- The shops' own secrets for chatbot events. What a secret replaced stays valid
-- for a day: `previous`, or at first the deployment's secret.
select
    events_secrets.store_id,
    events_secrets.secret,
    case
        when events_secrets.rotated_at > now() - interval '1 day'
            then events_secrets.previous
    end as previous,
    events_secrets.created_at > now() - interval '1 day' as is_first_day
from app.events_secrets
