-- Three topics, one of them growing, among most of the first shop's messages
-- and reviews.
insert into ml.topics
(store_id, name_id, name_en, language, centre, messages)
values
('default', 'ongkir · kirim', 'shipping · fee', 'id', '', 100),
('default', 'retur · uang', 'refund · money', 'id', '', 100),
('default', 'stok · ukuran', 'stock · size', 'en', '', 100);

insert into ml.topic_growth
(store_id, topic_id, last_day, kind, messages, expected)
select
    topics.store_id,
    min(topics.topic_id),
    (
        select max(fct_messages.day)
        from marts.fct_messages
        where fct_messages.store_id = 'default'
    ),
    'growing',
    40,
    12
from ml.topics
group by topics.store_id;

with messages as (
    select
        written.*,
        abs(hashtext(written.message_id)) % 5 as bucket
    from (
        select
            'message' as kind,
            fct_messages.store_id,
            fct_messages.source,
            fct_messages.message_id,
            fct_messages.occurred_at
        from marts.fct_messages
        where
            fct_messages.store_id = 'default'
            and fct_messages.author = 'customer'

        union all

        select
            'review' as kind,
            reviews.store_id,
            reviews.source,
            reviews.review_id,
            reviews.created_at
        from raw.reviews
    ) as written
),

placed as (
    select
        messages.*,
        numbered.topic_id,
        row_number() over (
            partition by numbered.topic_id
            order by messages.occurred_at, messages.message_id
        ) as place
    from messages
    left join (
        select
            topics.topic_id,
            row_number() over (order by topics.topic_id) - 1 as number
        from ml.topics
    ) as numbered on messages.bucket = numbered.number
)

insert into ml.topic_messages (
    store_id, kind, source, id, version, topic_id, occurred_at, language, place,
    space_version, example_position, example
)
select
    placed.store_id,
    placed.kind,
    placed.source,
    placed.message_id,
    1,
    placed.topic_id,
    placed.occurred_at,
    'id',
    case when placed.topic_id is not null then ''::bytea end,
    'made up',
    case when placed.topic_id is not null and placed.place <= 3 then placed.place end,
    case
        when placed.topic_id is not null and placed.place <= 3
            then 'Pesanan [order] atas nama [name] kapan sampai? Sudah ditunggu dari kemarin.'
    end
from placed;
