select
    review_apps.app_id,
    review_apps.language,
    review_apps.country,
    review_apps.checked_at,
    review_apps.problem
from app.review_apps
where review_apps.store_id = %(store_id)s
order by review_apps.app_id, review_apps.language
