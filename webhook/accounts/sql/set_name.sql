update app.users set name = %(name)s
where users.user_id = %(user_id)s
