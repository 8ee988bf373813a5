-- Noted before the password is looked at, so that many at once count each other.
insert into app.sign_in_attempts (attempt_id, kind, key)
select
    %(attempt_id)s,
    keys.kind,
    keys.key
from jsonb_each_text(%(keys)s) as keys (kind, key)
