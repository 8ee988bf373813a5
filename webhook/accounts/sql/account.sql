-- An account by e-mail, also if closed: the password is checked first.
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
