-- Models that score nothing, and made-up scores of most messages; every word
-- of the reviews belongs to a dimension, and some of the messages have one.
insert into ml.sentiment_models
(model_version, kind, method, content, recipe, metrics, reason)
values ('made up', 'review', 'svm', '', '', '{}', 'of tests');

insert into ml.message_sentiments
(source, message_id, sentiment, probability, model_version)
select
    message_labels.source,
    message_labels.message_id,
    (array['positive', 'neutral', 'negative'])[
        1 + abs(hashtext(message_labels.message_id)) % 3
    ],
    0.9,
    'made up'
from ml.message_labels
where abs(hashtext(message_labels.message_id)) % 10 > 0;

insert into app.service_dimensions (store_id, kind, term, stem, dimension)
select
    'default',
    'word',
    words.term,
    words.term,
    words.dimension
from (
    values
    ('cepat', 'efficiency'), ('lama', 'efficiency'), ('rusak', 'fulfilment'),
    ('pengiriman', 'fulfilment'), ('ramah', 'responsiveness'),
    ('mahal', 'compensation'), ('murah', 'compensation'),
    ('kecewa', 'reliability'), ('mantap', 'reliability')
) as words (term, dimension)
on conflict do nothing;

update raw.chatbot_events
set
    text = (array['pengirimannya lama', 'adminnya ramah', 'halo'])[
        1 + abs(hashtext(chatbot_events.event_id)) % 3
    ]
where
    chatbot_events.type = 'message'
    and chatbot_events.author = 'customer';
