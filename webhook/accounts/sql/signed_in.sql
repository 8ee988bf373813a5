-- The first time an account takes the language of the browser, if that names one.
update app.users set
    last_login_at = now(),
    language = case
        when users.last_login_at is null
            then coalesce(%(language)s, users.language)
        else users.language
    end,
    password_hash = coalesce(%(password_hash)s, users.password_hash)
where users.user_id = %(user_id)s
