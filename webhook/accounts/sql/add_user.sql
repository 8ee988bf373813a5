insert into app.users as users (email, name, role, password_hash)
values (%(email)s, %(name)s, %(role)s, %(password_hash)s)
on conflict (email) do update set
    name = excluded.name,
    role = excluded.role,
    password_hash = excluded.password_hash,
    is_active = true,
    session_version = users.session_version + 1
where not users.is_active
returning users.user_id
