update app.review_apps
set checked_at = now(), problem = %(problem)s
where
    review_apps.store_id = %(store_id)s
    and review_apps.app_id = %(app_id)s
    and review_apps.language = %(language)s
