-- Recorded before the password is checked, so that concurrent attempts count.
insert into app.sign_in_attempts (attempt_id, kind, key)
select
    %(attempt_id)s,
    keys.kind,
    keys.key
from jsonb_each_text(%(keys)s) as keys (kind, key)
