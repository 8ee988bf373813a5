-- The twelve months up to the end of the period.
select
    dimension_sentiment.month,
    dimension_sentiment.source,
    sum(dimension_sentiment.positive_share)
    filter (where dimension_sentiment.dimension = 'efficiency')
        as efficiency,
    sum(dimension_sentiment.positive_share)
    filter (where dimension_sentiment.dimension = 'fulfilment')
        as fulfilment,
    sum(dimension_sentiment.positive_share)
    filter (where dimension_sentiment.dimension = 'compensation')
        as compensation,
    sum(dimension_sentiment.positive_share)
    filter (where dimension_sentiment.dimension = 'reliability')
        as reliability,
    sum(dimension_sentiment.positive_share)
    filter (where dimension_sentiment.dimension = 'responsiveness')
        as responsiveness
from marts.dimension_sentiment
where
    dimension_sentiment.store_id = %(store)s
    and dimension_sentiment.month <= %(to_day)s
    and dimension_sentiment.month > %(to_day)s - 366
group by dimension_sentiment.month, dimension_sentiment.source
order by dimension_sentiment.month desc, dimension_sentiment.source desc
