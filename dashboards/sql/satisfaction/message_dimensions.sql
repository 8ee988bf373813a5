-- They are known by month: those of every month of the period.
select
    dimension_sentiment.dimension as series,
    100.0 * sum(dimension_sentiment.positive_texts)
    / sum(dimension_sentiment.texts) as value
from marts.dimension_sentiment
where
    dimension_sentiment.store_id = %(store)s
    and dimension_sentiment.source = 'chat'
    and dimension_sentiment.month between
    date_trunc('month', %(from_day)s) and %(to_day)s
group by dimension_sentiment.dimension
order by dimension_sentiment.dimension
