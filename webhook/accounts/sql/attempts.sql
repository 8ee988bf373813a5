-- The number of failed attempts of each kind, and the time until the oldest one
-- expires.
select
    attempts.kind,
    count(*) as attempts,
    ceil(extract(
        epoch from min(attempts.attempted_at) + %(window)s - now()
    ))::integer as seconds_to_wait
from app.sign_in_attempts as attempts
inner join
    jsonb_each_text(%(keys)s) as keys (kind, key)
    on attempts.kind = keys.kind and attempts.key = keys.key
where attempts.attempted_at > now() - %(window)s
group by attempts.kind
