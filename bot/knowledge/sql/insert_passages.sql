-- Indexed by the stems of both languages; the heading has a weight of its own.
insert into app.knowledge_passages (
    document_id, store_id, position, heading, text, language, words, embedding,
    encoder_version
)
select
    %(document)s as document_id,
    %(store)s as store_id,
    passage.position,
    passage.heading,
    passage.text,
    passage.language,
    setweight(
        to_tsvector('indonesian', passage.written_heading)
        || to_tsvector('english', passage.written_heading),
        'A'
    )
    || to_tsvector('indonesian', passage.written_text)
    || to_tsvector('english', passage.written_text) as words,
    passage.meaning::vector as embedding,
    case when passage.meaning is not null then %(encoder)s end
        as encoder_version
from jsonb_to_recordset(%(passages)s) as passage (
    position integer,
    heading text,
    text text,
    language text,
    written_heading text,
    written_text text,
    meaning text
)
