select
    users.user_id,
    users.email,
    users.name,
    users.role,
    users.language,
    users.session_version
from app.users
where
    users.user_id = %(user_id)s
    and users.session_version = %(session_version)s
    and users.is_active
