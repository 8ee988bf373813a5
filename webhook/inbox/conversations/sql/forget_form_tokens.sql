delete from app.form_tokens
where form_tokens.used_at < now() - interval '1 day'
