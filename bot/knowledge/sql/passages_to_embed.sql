select
    knowledge_passages.passage_id,
    knowledge_passages.heading,
    knowledge_passages.text
from app.knowledge_passages
where
    knowledge_passages.encoder_version is distinct from %(encoder_version)s
order by knowledge_passages.passage_id
limit %(limit)s
