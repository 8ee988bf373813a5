update app.users set
    last_login_at = now(),
    password_hash = coalesce(%(password_hash)s, users.password_hash)
where users.user_id = %(user_id)s
