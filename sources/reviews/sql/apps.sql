select
    review_apps.store_id,
    review_apps.app_id,
    review_apps.language,
    review_apps.country
from app.review_apps
order by review_apps.store_id, review_apps.app_id, review_apps.language
