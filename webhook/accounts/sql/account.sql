-- Whoever wants to sign in, closed accounts too: the password is looked at first.
select
    users.user_id,
    users.email,
    users.name,
    users.role,
    users.language,
    users.session_version,
    users.password_hash,
    users.is_active
from app.users
where users.email = %(email)s
