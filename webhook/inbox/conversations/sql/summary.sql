select
    customer_summaries.summary,
    customer_summaries.model,
    customer_summaries.made_at
from app.customer_summaries
where
    customer_summaries.store_id = %(store_id)s
    and customer_summaries.customer_key = %(customer_key)s
    and customer_summaries.language = %(language)s
