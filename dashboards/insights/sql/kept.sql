select
    insights.figures,
    insights.model_asked_at
from ml.insights
where
    insights.store_id = %(store_id)s
    and insights.dashboard = %(dashboard)s
    and insights.language = %(language)s
    and insights.last_day = %(last_day)s
