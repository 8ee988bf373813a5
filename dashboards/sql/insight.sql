select
    insights.text,
    insights.first_day,
    insights.last_day,
    insights.worded_by
from marts.insights
where
    insights.store_id = %(store)s
    and insights.dashboard = %(dashboard)s
    and insights.language = %(language)s
