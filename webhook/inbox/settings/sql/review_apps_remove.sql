delete from app.review_apps
where
    review_apps.store_id = %(store_id)s
    and review_apps.app_id = %(app_id)s
    and review_apps.language = %(language)s
