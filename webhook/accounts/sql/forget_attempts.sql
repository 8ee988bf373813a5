delete from app.sign_in_attempts
where
    attempt_id = %(attempt_id)s
    or attempted_at < now() - %(window)s
