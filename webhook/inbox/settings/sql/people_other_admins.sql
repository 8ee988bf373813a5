select users.user_id
from app.users
where
    users.role = 'admin'
    and users.is_active
    and users.user_id != %(user_id)s
