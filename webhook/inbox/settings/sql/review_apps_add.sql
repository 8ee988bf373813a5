insert into app.review_apps (store_id, app_id, language)
values (%(store_id)s, %(app_id)s, %(language)s)
on conflict do nothing
