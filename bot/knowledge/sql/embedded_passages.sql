-- The document's passages with vectors of the encoder in use.
select
    knowledge_passages.heading,
    knowledge_passages.text,
    knowledge_passages.embedding::text as meaning
from app.knowledge_passages
where
    knowledge_passages.document_id = %(document_id)s
    and knowledge_passages.encoder_version = %(encoder_version)s
