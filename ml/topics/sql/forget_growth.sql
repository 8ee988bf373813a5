delete from ml.topic_growth
where
    topic_growth.store_id = %(store_id)s
    and topic_growth.last_day = %(last_day)s
