insert into app.anger_words (store_id, word)
select
    %(store_id)s as store_id,
    words.word
from unnest(%(words)s::text[]) as words (word)
on conflict do nothing
