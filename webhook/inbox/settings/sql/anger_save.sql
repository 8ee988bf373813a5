delete from app.anger_words
where anger_words.store_id = %(store_id)s;

insert into app.anger_words (store_id, word)
select
    %(store_id)s as store_id,
    chosen.word
from unnest(%(words)s::text[]) as chosen (word)
