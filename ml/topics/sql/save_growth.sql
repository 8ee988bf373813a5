-- A topic that was reported in the four weeks before is not reported again.
insert into ml.topic_growth (
    store_id, topic_id, last_day, kind, messages, expected
)
select
    %(store_id)s as store_id,
    %(topic_id)s,
    %(last_day)s,
    %(kind)s,
    %(messages)s as messages,
    %(expected)s
where not exists (
    select
    from ml.topic_growth
    where
        topic_growth.store_id = %(store_id)s
        and topic_growth.topic_id = %(topic_id)s
        and topic_growth.last_day between %(last_day)s::date - 28
        and %(last_day)s::date - 1
)
