update app.knowledge_passages
set
    embedding = embedded.meaning::vector,
    encoder_version = %(encoder_version)s
from jsonb_to_recordset(%(passages)s) as embedded (
    passage_id bigint,
    meaning text
)
where knowledge_passages.passage_id = embedded.passage_id
