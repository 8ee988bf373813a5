update app.users set
    is_active = false,
    session_version = users.session_version + 1
where users.email = %(email)s and users.is_active
returning users.user_id
