update app.users set language = %(language)s
where users.user_id = %(user_id)s
