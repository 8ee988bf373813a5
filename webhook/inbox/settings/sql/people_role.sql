update app.users set role = %(role)s
where users.user_id = %(user_id)s
