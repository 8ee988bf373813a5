select anger_words.word
from app.anger_words
where anger_words.store_id = %(store_id)s
